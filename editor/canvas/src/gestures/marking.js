// Gestures with frames and notes.
import { contentsOf, frameAround, markChange, noteAt } from '../model/marks.js';

const WORDS = { frame: 'frame', note: 'note' };

export function marking({ store, now, records, places }) {
  const boxOf = ({ position: { x, y }, width, height }) => [x, y, width, height];
  const boxes = (ids) => Object.fromEntries(ids.map((id) => [id, now().flow.getNode(id)]).filter(([, node]) => node)
    .map(([id, node]) => [id, boxOf(node)]));
  const draw = (label, change) => {
    now().state.selectNext([change.id]);
    store.perform(label, [change]);
  };
  return {
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
