// Everything that the canvas knows: the drawing, what the server says of it, and how to ask for more.
import { download } from './download.js';
import { Drawing } from './drawing.js';
import { KeyedStore } from './keyed_store.js';
import { withNetworks } from './kinds.js';
import { catalogue } from './memory.js';
import { Observable } from './observable.js';
import { Outbox } from './outbox.js';
import { portsOf } from './ports.js';

// An edit that is not acknowledged by then is sent again; the server drops what it has already applied.
const RESEND_AFTER_MS = 5000;

export class CanvasStore {
  constructor({ place, tab, storage, send }) {
    this.send = send;
    this.status = new KeyedStore();
    this.health = new KeyedStore();
    this.aims = new KeyedStore();
    this.kinds = catalogue;
    this.name = new Observable('');
    this.place = new Observable({ steps: [], trail: [], parent: null });
    this.networks = new Observable({ drawings: {}, definitions: {}, barred: {} });
    this.problems = new Observable([]);
    this.totals = new Observable({});
    this.history = new Observable({ undo: null, redo: null });
    this.results = new Observable({ request: 0, rows: [], after: '', best: '' });
    this.asked = new Observable({ nodes: [] });
    this.beside = new Observable(false);
    this.notice = new Observable(null);
    this.loaded = new Observable(false);
    this.waiting = new Observable(0);
    this.ports = new Observable(0);
    this.outbox = new Outbox({ send: (message) => this.send(message), storage, key: place, tab });
    this.drawing = new Drawing({ outbox: this.outbox, tab, isMany: (node, port) => this.isMany(node, port) });
    this.drawing.subscribe(() => this.waiting.set(this.outbox.waiting.length));
    this.requests = 0;
  }

  kind(name) {
    return this.kinds.get().kinds[name];
  }

  isMany(node, port) {
    return !!this.kind(node?.kind)?.inputs?.find(({ name }) => name === port)?.many;
  }

  portsOf(id) {
    return portsOf(this.kind(this.drawing.shown.nodes[id]?.kind), this.status.get(id));
  }

  /** Asks for a snapshot; what is unacknowledged follows once it is here. */
  open() {
    // What was refused while nobody listened is told before the snapshot makes the browser forget it.
    const waiting = this.outbox.waiting.map(({ sequence }) => sequence);
    this.send({ type: 'ready', tab: this.drawing.tab, steps: this.place.get().steps, waiting });
    this.timer ??= setInterval(() => this.outbox.resend(RESEND_AFTER_MS), RESEND_AFTER_MS / 5);
  }

  close() {
    clearInterval(this.timer);
    this.timer = null;
  }

  say(text) {
    this.notice.set(text ? { text, at: Date.now() } : null);
  }

  perform(label, changes, merge) {
    this.drawing.perform(label, changes, merge);
  }

  /** Asks for the palette's rows; `where` says what they are for: `{source, selected, swap}`. */
  search(text, where) {
    this.requests += 1;
    this.send({ type: 'search', request: this.requests, text, ...where });
    return this.requests;
  }

  /** Takes one message of the server, or several that it sent together. */
  receive(messages) {
    for (const message of [messages].flat()) this[`on_${message.type}`]?.(message);
  }

  on_snapshot(message) {
    if (message.kinds) this.kinds.set(message.kinds);
    if (message.networks) this.on_networks(message.networks);
    this.name.set(message.cell.name);
    this.drawing.takeSnapshot(message);
    if (message.place) this.place.set(message.place);
    this.loaded.set(true);
    this.outbox.resend();
  }

  on_networks({ kinds, drawings, definitions, barred = {} }) {
    this.networks.set({ drawings, definitions, barred });
    this.kinds.set(withNetworks(this.kinds.get(), kinds));
  }

  /** Shows the network that the steps lead to, from this canvas' own. */
  enter(steps) {
    this.send({ type: 'enter', steps });
  }

  /** How a run calls a node that is shown: by its path. */
  pathOf(id) {
    return [...this.place.get().steps, id].join('/');
  }

  on_changed(message) {
    this.drawing.takeChanged(message);
  }

  on_refused(message) {
    this.drawing.takeRefused(message);
    this.say(message.reason);
  }

  on_status(message) {
    const before = (id) => this.status.get(id);
    const newPorts = Object.entries(message.nodes ?? {})
      .some(([id, node]) => node?.inputs !== before(id)?.inputs || node?.outputs !== before(id)?.outputs);
    this.status.take(message.nodes ?? {}, message.full);
    if (message.problems) this.problems.set(message.problems);
    if (message.totals) this.totals.set(message.totals);
    if (newPorts) this.ports.set(this.ports.get() + 1);
  }

  on_health({ nodes, full }) {
    this.health.take(nodes, full);
  }

  on_picture({ name, content }) {
    download(name, 'image/png', content);
  }

  on_told({ text }) {
    this.say(text);
  }

  on_history({ undo, redo }) {
    this.history.set({ undo, redo });
  }

  /** The page asks for these nodes of the network that is shown. */
  on_show({ nodes }) {
    this.asked.set({ nodes });
  }

  on_beside({ on }) {
    this.beside.set(on);
  }

  on_results(message) {
    this.results.set(message);
  }
}
