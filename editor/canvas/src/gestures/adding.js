// Gestures that bring nodes in: from the palette, from a wire, from the clipboard.
import { kindText, startingParams } from '../model/kinds.js';
import { pieceChanges, pieceText, readPiece } from '../model/pieces.js';
import { NODE_WIDTH, portsOf } from '../model/ports.js';
import { placing } from '../model/selection.js';
import { inserting } from '../model/splicing.js';
import { plural } from '../model/text.js';

const COPY_OFFSET = 32;

export function adding({ store, now, records, places }) {
  const bring = (text, offset, verb) => {
    const piece = readPiece(text);
    if (!piece) return store.say('This is nothing that Weftwork copied, so it was not pasted.');
    // Networks come along with the nodes that stand for them; the server knows which of them are here already.
    if (piece.definitions && verb === 'Paste') return store.drawing.request({ type: 'paste', text });
    const { changes, ids } = pieceChanges(piece, records(), offset);
    if (!ids.length) return undefined;
    now().state.selectNext(ids);
    const count = Object.keys(piece.nodes).length;
    return store.perform(`${verb} ${count ? plural(count, 'node') : plural(ids.length, 'mark')}`, changes);
  };
  const chosen = () => [...now().state.selected, ...now().state.selectedMarks.filter((id) => records().marks[id]?.kind !== 'point')];
  const text = (ids = chosen()) => (ids.length ? pieceText(records(), ids, store.networks.get().definitions) : null);

  /** Places a kind; `end` is the end of a wire that it is tied to, `wire` one that it is put into, in its middle without `screen`. */
  const place = (kindName, params = {}, screen = null, end = null, wire = null) => {
    const kind = store.kind(kindName);
    const { x, y } = wire && !screen ? places.middleOf(records(), wire) : places.toFlow(screen ?? places.cursor());
    const left = end ? (end.side === 'out' ? 0 : NODE_WIDTH) : NODE_WIDTH / 2;
    const { id, label, changes } = placing(records(), kindName, kind, params, [x - left, y - 24], end);
    const spliced = wire && records().wires[wire] && inserting(records(), wire, id, portsOf(kind), [x - left, y - 24]);
    if (spliced?.reason) store.say(spliced.reason);
    now().state.selectNext([id]);
    store.perform(label, [...changes, ...(spliced?.changes ?? [])]);
    return id;
  };

  return {
    place,
    drop: (kindName, params, screen) => place(kindName, params, screen, null, places.wireAt(screen)),
    /** With a wire selected and no place pointed at, what is chosen is put into that wire. */
    openSearch: (screen = null, end = null) => {
      const { selected, selectedWires } = now().state;
      const wire = !screen && !selected.length && selectedWires.length === 1 ? selectedWires[0] : null;
      now().setSearch({ key: Date.now(), screen: screen ?? places.cursor(), end, wire });
    },
    openSwap: () => now().state.selected.length
      && now().setSearch({ key: Date.now(), screen: places.cursor(), end: null, swap: now().state.selected }),
    swap: (ids, kindName, params) => {
      // The palette's rows begin with what is suggested; only what was typed beside it replaces a node's own.
      const suggested = startingParams(store.kind(kindName));
      const start = { ...suggested, ...params };
      const changes = ids.filter((id) => records().nodes[id]).flatMap((node) => {
        const kept = records().nodes[node].params;
        const added = Object.entries(start).filter(([name, value]) => !(name in kept) || (name in params && value !== suggested[name]));
        return [{ change: 'set-kind', node, kind: kindName },
          ...added.map(([parameter, value]) => ({ change: 'set-parameter', node, parameter, value }))];
      });
      store.perform(`Swap for ${kindText(kindName)}`, changes);
    },
    copy: () => text(),
    paste: (pasted) => bring(pasted, [COPY_OFFSET, COPY_OFFSET], 'Paste'),
    duplicate: () => chosen().length && bring(text(), [COPY_OFFSET, COPY_OFFSET], 'Duplicate'),
    duplicateAt: (ids, offset) => bring(text(ids), offset, 'Duplicate'),
  };
}
