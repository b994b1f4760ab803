// Putting a node into a wire, and taking nodes out so that what they were wired to stays wired.
import { newId } from './ids.js';
import { NODE_WIDTH } from './ports.js';
import { ledThrough, partedBy, pointsOf } from './wire_points.js';
import { refusal } from './wiring.js';

// How high a node is, nearly, and where its first port stands.
const NODE_HEIGHT = 88;
const PORT_TOP = 24;

const without = (wires, id) => Object.fromEntries(Object.entries(wires).filter(([key]) => key !== id));

/**
 * Changes that lead a wire through a node: `{changes}`, or `{reason}` where it cannot be.
 * `ports` are the node's; its first input and first output are used. `at` is where it comes to stand: the points of the
 * wire lead the one of the two new wires that they are nearer to.
 */
export function inserting(records, wireId, node, { inputs, outputs }, at = records.layout[node] ?? [0, 0]) {
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
  const before = connect(source, [node, inputs[0].name, 0]);
  const after = connect([node, outputs[0].name], target);
  return {
    changes: [{ change: 'disconnect', wire: wireId }, before, after, ...parted(records, wireId, at, before.id, after.id)],
  };
}

/** Changes that hand the points of a wire to the two that take its place, around a node at `[x, y]`. */
function parted({ wires, layout, marks = {} }, wire, [x, y], before, after) {
  const [[left, top], [right, bottom]] = [wires[wire].source, wires[wire].target].map(([id]) => layout[id] ?? [0, 0]);
  const box = [x, y, x + NODE_WIDTH, y + NODE_HEIGHT];
  const sides = partedBy(marks, wire, [left + NODE_WIDTH, top + PORT_TOP], [right, bottom + PORT_TOP], box);
  return [before, after].flatMap((heir, index) => ledThrough(marks, sides[index], heir, {}));
}

/**
 * Changes that remove nodes and wire what fed them to what they fed. A gap is left open where the shapes differ in their
 * number of axes: `open` counts those. `shapeOf([node, port])` is a tensor's shape, undefined where it is not known.
 */
export function bypassing(records, ids, inputsOf, shapeOf) {
  const gone = new Set(ids);
  const wires = Object.entries(records.wires);
  const marks = records.marks ?? {};
  const pointIds = (wire) => pointsOf(marks, wire).map(([id]) => id);
  /** What feeds a node from outside of those that go, and the points on the way. */
  const feed = (id, behind = []) => {
    const [first] = inputsOf(id);
    const [wireId, wire] = (first && wires.find(([, { target }]) => target[0] === id && target[1] === first.name)) ?? [];
    const points = [...pointIds(wireId), ...behind];
    return wire && (gone.has(wire.source[0]) ? feed(wire.source[0], points) : { from: wire.source, points });
  };
  const [taken, takenPoints] = [{ ...records.wires }, {}];
  const changes = ids.map((node) => ({ change: 'remove-node', node }));
  let open = 0;
  for (const [old, { source, target }] of wires) {
    if (!gone.has(source[0]) || gone.has(target[0])) continue;
    const { from, points } = feed(source[0], pointIds(old)) ?? {};
    const [before, after] = [from && shapeOf(from), shapeOf(source)];
    if (!from || (before && after && before.length !== after.length)) {
      open += 1;
      continue;
    }
    const id = newId('wire', taken);
    taken[id] = true;
    changes.push({ change: 'connect', id, wire: { source: from, target } }, ...ledThrough(marks, points, id, takenPoints));
  }
  return { changes, open };
}
