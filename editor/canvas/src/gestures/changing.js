// Gestures that change what stands there: wires, places, muting, removal.
import { newId } from '../model/ids.js';
import { moving, muting, removal } from '../model/selection.js';
import { bypassing, inserting } from '../model/splicing.js';
import { plural } from '../model/text.js';
import { handedOn } from '../model/wire_points.js';
import { connectChange } from '../model/wiring.js';

const NUDGE_MS = 400;

export function changing({ store, now, records, perform }) {
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
    const { layout, marks } = records();
    const places = nudged?.places ?? Object.fromEntries([
      ...now().state.selected.map((id) => [id, layout[id] ?? [0, 0]]),
      ...now().state.selectedMarks.filter((id) => marks[id]).map((id) => [id, [marks[id].x, marks[id].y]]),
    ]);
    clearTimeout(nudged?.timer);
    for (const id of Object.keys(places)) places[id] = [places[id][0] + dx, places[id][1] + dy];
    now().state.onNodesChange(Object.entries(places).map(([id, [x, y]]) => ({ type: 'position', id, position: { x, y } })));
    nudged = { places, timer: setTimeout(settleNudge, NUDGE_MS) };
  };
  const placesOf = (nodes) => Object.fromEntries(nodes.map(({ id, position }) => [id, [position.x, position.y]]));
  const shapeOf = ([node, port]) => store.status.get(node)?.shapes?.[port];

  return {
    perform,
    nudge,
    undo: () => { settleNudge(); store.drawing.request({ type: 'undo' }); },
    redo: () => { settleNudge(); store.drawing.request({ type: 'redo' }); },
    fix: (problem, fix) => store.drawing.request({ type: 'fix', problem, fix }),
    connect: (first, second) => store.perform('Connect', [connectChange(records(), newId('wire', records().wires), first, second)]),
    rewire: (wire, first, second) => {
      const heir = newId('wire', records().wires);
      store.perform('Lead the wire elsewhere', [
        { change: 'disconnect', wire }, connectChange(records(), heir, first, second), ...handedOn(records().marks, wire, heir),
      ]);
    },
    moved: (nodes) => perform(moving(records(), placesOf(nodes))),
    /** A node was dropped on a wire: it moves there and stands in it, in one step. */
    movedInto: (wire, node) => {
      const { changes, reason } = inserting(records(), wire, node.id, store.portsOf(node.id), [node.position.x, node.position.y]);
      const move = moving(records(), placesOf([node]));
      if (reason) {
        store.say(reason);
        return perform(move);
      }
      return store.perform('Put the node into the wire', [...move.changes, ...changes]);
    },
    remove: () => perform(removal(records(), now().state.selected, now().state.selectedWires, now().state.selectedMarks)),
    bypass: () => {
      const ids = now().state.selected;
      if (!ids.length) return;
      const { changes, open } = bypassing(records(), ids, (id) => store.portsOf(id).inputs, shapeOf);
      store.perform(`Take out ${plural(ids.length, 'node')}`, changes);
      if (open) store.say(`${plural(open, 'wire')} could not be closed: what came before does not fit what comes after.`);
    },
    mute: () => now().state.selected.length && perform(muting(records(), now().state.selected)),
  };
}
