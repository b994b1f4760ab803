// Gestures that choose nodes and bring them into line.
import { aligned, distributed } from '../model/aligning.js';
import { between, downstream, upstream } from '../model/flow_of_data.js';
import { moving } from '../model/selection.js';
import { plural } from '../model/text.js';

export function choosing({ store, now, records, perform, view }) {
  const chosen = () => now().state.selected;
  const boxes = () => Object.fromEntries(chosen().map((id) => [id, now().flow.getNode(id)]).filter(([, node]) => node)
    .map(([id, { position: { x, y }, width, height }]) => [id, [x, y, width, height]]));
  const widen = (reach) => chosen().length && now().state.select(reach(records(), chosen()));
  const arrangeTo = (verb, places) => {
    const { changes } = moving(records(), places);
    store.perform(`${verb} ${plural(chosen().length, 'node')}`, changes);
  };
  return {
    chosen,
    select: (...ids) => now().state.select(...ids),
    /** Adds a node or a wire to what is selected, or takes it out again. */
    selectMore: (id) => {
      const { selected, selectedMarks, selectedWires, select } = now().state;
      const toggled = (ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);
      const isWire = id in records().wires;
      select([...(isWire ? selected : toggled(selected)), ...selectedMarks], isWire ? toggled(selectedWires) : selectedWires);
    },
    selectAll: () => now().state.select(Object.keys(records().nodes)),
    selectUpstream: () => widen(upstream),
    selectDownstream: () => widen(downstream),
    selectBetween: () => widen(between),
    align: (side) => chosen().length > 1 && arrangeTo('Align', aligned(boxes(), side)),
    distribute: (axis) => chosen().length > 2 && arrangeTo('Distribute', distributed(boxes(), axis)),
    /** The server arranges the chosen nodes, all where fewer than two are chosen; `direction` is right or down. */
    layout: (direction = 'right') => {
      const nodes = chosen().length > 1 ? chosen() : [];
      view.glide();
      store.drawing.request({ type: 'layout', direction, ...(nodes.length && { nodes }) });
      if (!nodes.length) view.fitWhenMoved();
    },
  };
}
