import { useEffect, useMemo, useRef } from 'react';
import { useReactFlow } from '@xyflow/react';
import { newId } from '../model/ids.js';
import { moving, muting, placing, removal } from '../model/selection.js';
import { pieceChanges, pieceText, readPiece } from '../model/pieces.js';
import { NODE_WIDTH } from '../model/ports.js';
import { connectChange } from '../model/wiring.js';
import { plural } from '../model/text.js';
import { fitting } from './zoom.js';

const NUDGE_MS = 400;
const COPY_OFFSET = 32;
const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const duration = () => (calm() ? 0 : 200);

/** Everything that a person can do to the drawing, by mouse, key or button. The object never changes. */
export function useGestures({ store, state, root, setSearch, covered }) {
  const flow = useReactFlow();
  const live = useRef({});
  live.current = { state, flow, setSearch, covered };
  const pointer = useRef(null);

  useEffect(() => {
    const element = root.current;
    const remember = (event) => { pointer.current = [event.clientX, event.clientY]; };
    element.addEventListener('pointermove', remember, { passive: true });
    return () => element.removeEventListener('pointermove', remember);
  }, [root]);

  return useMemo(() => {
    const now = () => live.current;
    const records = () => store.drawing.records();
    const stage = () => root.current.querySelector('.stage').getBoundingClientRect();
    const inside = ([x, y]) => {
      const box = stage();
      return x > box.left && x < box.right && y > box.top && y < box.bottom;
    };
    const centre = () => {
      const box = stage();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const cursor = () => (pointer.current && inside(pointer.current) ? pointer.current : centre());
    const toFlow = ([x, y]) => now().flow.screenToFlowPosition({ x, y });
    const perform = ({ label, changes, merge }) => store.perform(label, changes, merge);

    // Arrow keys in a row are one gesture: the nodes move at once, the change follows when the keys rest.
    let nudged = null;
    const settleNudge = () => {
      if (!nudged) return;
      clearTimeout(nudged.timer);
      const { places } = nudged;
      nudged = null;
      perform(moving(records(), places));
    };
    const nudge = (dx, dy) => {
      const places = nudged?.places ?? Object.fromEntries(now().state.selected.map((id) => [id, records().layout[id] ?? [0, 0]]));
      clearTimeout(nudged?.timer);
      for (const id of Object.keys(places)) places[id] = [places[id][0] + dx, places[id][1] + dy];
      now().state.onNodesChange(Object.entries(places).map(([id, [x, y]]) => ({ type: 'position', id, position: { x, y } })));
      nudged = { places, timer: setTimeout(settleNudge, NUDGE_MS) };
    };

    const insert = (text, offset, verb) => {
      const piece = readPiece(text);
      if (!piece) return store.say('This is nothing that Weftwork copied, so it was not pasted.');
      const { changes, ids } = pieceChanges(piece, records(), offset);
      if (!ids.length) return undefined;
      now().state.selectNext(ids);
      return store.perform(`${verb} ${plural(ids.length, 'node')}`, changes);
    };

    const place = (kindName, params = {}, screen = null, end = null) => {
      const kind = store.kind(kindName);
      const { x, y } = toFlow(screen ?? cursor());
      const left = end ? (end.side === 'out' ? 0 : NODE_WIDTH) : NODE_WIDTH / 2;
      const { id, label, changes } = placing(records(), kindName, kind, params, [x - left, y - 24], end);
      now().state.selectNext([id]);
      store.perform(label, changes);
      return id;
    };

    // Where a new node covers no other: the middle of the view, else below what stands there.
    const clear = () => {
      const zoom = now().flow.getZoom();
      let [x, y] = centre();
      const taken = ([left, top]) => Object.values(records().layout)
        .some(([a, b]) => Math.abs(a - left) < NODE_WIDTH + 16 && Math.abs(b - top) < 96);
      for (let tries = 0; tries < 12; tries += 1) {
        const at = toFlow([x, y]);
        if (!taken([at.x - NODE_WIDTH / 2, at.y - 24])) break;
        y += 40 * zoom;
      }
      return [x, y];
    };

    const fit = () => now().flow.fitView({ ...fitting(now().covered), duration: duration() });
    const fitWhenMoved = () => {
      const stop = store.drawing.subscribe(() => {
        if (store.outbox.waiting.length) return;
        stop();
        requestAnimationFrame(fit);
      });
    };

    return {
      perform, place, clear, nudge, cursor, inside,
      pointerInside: () => !!pointer.current && inside(pointer.current),
      undo: () => { settleNudge(); store.drawing.request({ type: 'undo' }); },
      redo: () => { settleNudge(); store.drawing.request({ type: 'redo' }); },
      layout: () => {
        store.drawing.request({ type: 'layout' });
        fitWhenMoved();
      },
      fix: (problem, fix) => store.drawing.request({ type: 'fix', problem, fix }),
      connect: (first, second) => store.perform('Connect', [connectChange(records(), newId('wire', records().wires), first, second)]),
      moved: (nodes) => perform(moving(records(), Object.fromEntries(nodes.map(({ id, position }) => [id, [position.x, position.y]])))),
      remove: () => perform(removal(records(), now().state.selected, now().state.selectedWires)),
      mute: () => now().state.selected.length && perform(muting(records(), now().state.selected)),
      select: (...ids) => now().state.select(...ids),
      selectAll: () => now().state.select(Object.keys(records().nodes)),
      copy: () => (now().state.selected.length ? pieceText(records(), now().state.selected) : null),
      paste: (text) => insert(text, [COPY_OFFSET, COPY_OFFSET], 'Paste'),
      duplicate: () => now().state.selected.length
        && insert(pieceText(records(), now().state.selected), [COPY_OFFSET, COPY_OFFSET], 'Duplicate'),
      fit,
      zoomIn: () => now().flow.zoomIn({ duration: duration() }),
      zoomOut: () => now().flow.zoomOut({ duration: duration() }),
      focus: (id) => {
        const node = now().flow.getNode(id);
        if (!node) return;
        now().state.select([id]);
        const zoom = Math.max(now().flow.getZoom(), 0.8);
        now().flow.setCenter(node.position.x + NODE_WIDTH / 2, node.position.y + node.height / 2, { zoom, duration: duration() });
      },
      openSearch: (screen = null, end = null) => now().setSearch({ key: Date.now(), screen: screen ?? cursor(), end }),
    };
  }, [store, root]);
}
