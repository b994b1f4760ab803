// Gestures with frames, notes and the points of wires.
import { contentsOf, frameAround, markChange, noteAt } from '../model/marks.js';
import { leadChange, pieceAt, pointsOf, roomiest } from '../model/wire_points.js';

const WORDS = { frame: 'frame', note: 'note' };

export function marking({ store, now, records, places }) {
  const boxOf = ({ position: { x, y }, width, height }) => [x, y, width, height];
  const boxes = (ids) => Object.fromEntries(ids.map((id) => [id, now().flow.getNode(id)]).filter(([, node]) => node)
    .map(([id, node]) => [id, boxOf(node)]));
  const draw = (label, change) => {
    now().state.selectNext([change.id]);
    store.perform(label, [change]);
  };
  /** Where a wire begins, the points that it is led through, and where it ends. */
  const stopsOf = (wire) => {
    const { source, target } = records().wires[wire];
    const end = (side, [id, name]) => {
      const { position, width, data } = now().flow.getNode(id);
      const port = data.arranged.ports.find((each) => each.side === side && each.name === name);
      return [position.x + (side === 'out' ? width : 0), position.y + (port?.y ?? 0)];
    };
    return [end('out', source), ...pointsOf(records().marks, wire).map(([, x, y]) => [x, y]), end('in', target)];
  };
  const lead = (wire, index, at) => {
    const change = leadChange(records().marks, wire, index, at);
    store.perform('Lead the wire through a point', [change]);
    return change.id;
  };
  return {
    /** Leads a piece of a wire through a point of the drawing. */
    leadThrough: lead,
    leadThroughScreen: (wire, screen) => {
      const { x, y } = places.toFlow(screen);
      return lead(wire, pieceAt(stopsOf(wire), [x, y]), [x, y]);
    },
    /** Gives the selected wire a point in the middle of its longest piece, chosen so that the arrow keys move it. */
    leadSelected: () => {
      const [wire] = now().state.selectedWires;
      if (!records().wires[wire]) return store.say('Select the wire that is to be led through a point.');
      const { index, at } = roomiest(stopsOf(wire));
      const change = leadChange(records().marks, wire, index, at);
      now().state.selectNext([change.id]);
      return store.perform('Lead the wire through a point', [change]);
    },
    removePoint: (id) => records().marks[id] && store.perform('Delete 1 point', [{ change: 'remove-mark', id }]),
    frame: () => {
      const { selected } = now().state;
      if (!selected.length) return store.say('Select the nodes that the frame is to go around.');
      return draw('Draw a frame', frameAround(records().marks, boxes(selected)));
    },
    note: () => {
      const { x, y } = places.toFlow(places.cursor());
      draw('Write a note', noteAt(records().marks, [Math.round(x), Math.round(y)]));
    },
    setMark: (id, update, merge) => {
      const mark = records().marks[id];
      if (mark) store.perform(`Change the ${WORDS[mark.kind]}`, [markChange(records().marks, id, update)], merge);
    },
    /** A frame is taken with all that lies in it. */
    grabFrame: (id) => {
      const inside = contentsOf(records().marks[id], boxes(now().flow.getNodes().map((node) => node.id).filter((other) => other !== id)));
      now().state.select([id, ...inside]);
    },
  };
}
