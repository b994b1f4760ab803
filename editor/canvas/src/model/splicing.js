// Putting a node into a wire, and taking nodes out so that what they were wired to stays wired.
import { newId } from './ids.js';
import { refusal } from './wiring.js';

const without = (wires, id) => Object.fromEntries(Object.entries(wires).filter(([key]) => key !== id));

/**
 * Changes that lead a wire through a node: `{changes}`, or `{reason}` where it cannot be.
 * `ports` are the node's; its first input and first output are used.
 */
export function inserting(records, wireId, node, { inputs, outputs }) {
  const { source, target } = records.wires[wireId];
  if (!inputs.length || !outputs.length) return { reason: 'Only a node with an input and an output can stand in a wire.' };
  const rest = { ...records, wires: without(records.wires, wireId) };
  const ends = [
    [{ node: source[0], port: source[1], side: 'out' }, { node, port: inputs[0].name, side: 'in' }],
    [{ node, port: outputs[0].name, side: 'out' }, { node: target[0], port: target[1], side: 'in' }],
  ];
  const reason = ends.map(([from, to]) => refusal(rest, from, to)).find(Boolean);
  if (reason) return { reason };
  const taken = { ...records.wires };
  const connect = (from, to) => {
    const id = newId('wire', taken);
    taken[id] = true;
    return { change: 'connect', id, wire: { source: from, target: to } };
  };
  return {
    changes: [
      { change: 'disconnect', wire: wireId },
      connect(source, [node, inputs[0].name, 0]),
      connect([node, outputs[0].name], target),
    ],
  };
}

/**
 * Changes that remove nodes and wire what fed them to what they fed. A gap is left open where the shapes differ in their
 * number of axes: `open` counts those. `shapeOf([node, port])` is a tensor's shape, undefined where it is not known.
 */
export function bypassing(records, ids, inputsOf, shapeOf) {
  const gone = new Set(ids);
  const wires = Object.values(records.wires);
  const feed = (id) => {
    const [first] = inputsOf(id);
    const wire = first && wires.find(({ target }) => target[0] === id && target[1] === first.name);
    return wire && (gone.has(wire.source[0]) ? feed(wire.source[0]) : wire.source);
  };
  const taken = { ...records.wires };
  const changes = ids.map((node) => ({ change: 'remove-node', node }));
  let open = 0;
  for (const { source, target } of wires) {
    if (!gone.has(source[0]) || gone.has(target[0])) continue;
    const from = feed(source[0]);
    const [before, after] = [from && shapeOf(from), shapeOf(source)];
    if (!from || (before && after && before.length !== after.length)) {
      open += 1;
      continue;
    }
    const id = newId('wire', taken);
    taken[id] = true;
    changes.push({ change: 'connect', id, wire: { source: from, target } });
  }
  return { changes, open };
}
