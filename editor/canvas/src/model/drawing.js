// The network that is on screen: what the server confirmed, with what is not acknowledged yet on top.
import { applyChange, withServerRecords } from './apply_change.js';

const EMPTY = { nodes: {}, wires: {}, layout: {}, marks: {} };

export class Drawing {
  constructor({ outbox, tab, isMany }) {
    this.outbox = outbox;
    this.tab = tab;
    this.isMany = isMany;
    this.cell = '';
    this.revision = 0;
    this.sequence = 0;
    this.confirmed = EMPTY;
    this.shown = EMPTY;
    this.listeners = new Set();
  }

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  records = () => this.shown;

  /** The output wired into a port, as `node port`; '' where there is none. */
  feeding(node, port) {
    const { wires } = this.shown;
    if (this.indexed !== wires) {
      this.indexed = wires;
      this.index = new Map(Object.values(wires).map(({ source, target }) => [`${target[0]} ${target[1]}`, `${source[0]} ${source[1]}`]));
    }
    return this.index.get(`${node} ${port}`) ?? '';
  }

  #show() {
    let records = this.confirmed;
    const isMany = (node, port) => this.isMany(records.nodes[node], port);
    for (const message of this.outbox.waiting) {
      // What is done in another network, before or after this one was entered, is not to be seen here.
      for (const change of (message.changes ?? []).filter(({ cell }) => !cell || cell === this.cell)) records = applyChange(records, change, isMany);
    }
    this.shown = records;
    for (const listener of this.listeners) listener();
  }

  /** Shows a gesture at once and posts it. Changes need not name the cell. `merge` joins it to the one before. */
  perform(label, changes, merge = false) {
    if (!changes.length) return;
    const full = changes.map((change) => ({ cell: this.cell, ...change }));
    this.#post({ type: 'gesture', label, changes: full, ...(merge && { merge }) });
  }

  /** Posts an undo, a redo, a fix or a layout: the server knows what it changes. */
  request(message) {
    this.#post(message);
  }

  #post(message) {
    this.sequence += 1;
    this.outbox.post({ ...message, tab: this.tab, sequence: this.sequence, revision: this.revision });
    this.#show();
  }

  takeSnapshot({ cell, revision, unacknowledged_ok: applied = 0, numbered = 0 }) {
    this.cell = cell.id;
    this.revision = revision;
    this.confirmed = { nodes: cell.nodes, wires: cell.wires, layout: cell.layout, marks: cell.marks ?? {} };
    this.outbox.settleUpTo(this.tab, applied);
    this.sequence = Math.max(this.sequence, applied, numbered, this.outbox.lastSequence(this.tab));
    this.#show();
  }

  /** Records of anybody's gesture; for this tab's own it is the acknowledgement. */
  takeChanged({ tab, sequence, records, revision }) {
    this.outbox.settle(tab, sequence);
    this.#confirm(records, revision);
  }

  takeRefused({ sequence, records = [], revision, tab = this.tab }) {
    this.outbox.settle(tab, sequence);
    this.#confirm(records, revision);
  }

  #confirm(records, revision) {
    this.revision = Math.max(this.revision, revision ?? 0);
    this.confirmed = withServerRecords(this.confirmed, this.cell, records, this.shown);
    this.#show();
  }
}
