// Which wires are refused at once, and why. Shapes are no reason: they are shown as problems.

function reaches(wires, from, to) {
  const next = new Map();
  for (const { source, target } of Object.values(wires)) {
    if (!next.has(source[0])) next.set(source[0], []);
    next.get(source[0]).push(target[0]);
  }
  const seen = new Set([from]);
  const open = [from];
  while (open.length) {
    const node = open.pop();
    if (node === to) return true;
    for (const following of next.get(node) ?? []) {
      if (!seen.has(following)) {
        seen.add(following);
        open.push(following);
      }
    }
  }
  return false;
}

/**
 * Why a wire between two ports cannot be drawn; '' when it can.
 * An end is `{node, port, side}` with side `in` or `out`; the order of the ends does not matter.
 */
export function refusal(records, first, second) {
  if (first.side === second.side) {
    return first.side === 'out' ? 'An output cannot feed an output: end at an input.' : 'An input cannot feed an input: start at an output.';
  }
  const [source, target] = first.side === 'out' ? [first, second] : [second, first];
  if (source.node === target.node) return 'A node cannot feed itself.';
  const drawn = Object.values(records.wires).some((wire) => wire.source[0] === source.node && wire.source[1] === source.port
    && wire.target[0] === target.node && wire.target[1] === target.port);
  if (drawn) return 'These two ports are wired already.';
  if (reaches(records.wires, target.node, source.node)) return 'This would make a cycle: a network runs in one direction.';
  return '';
}

/**
 * Where a wire that is dropped on a node's body goes: its first free port that takes it, else its first that does.
 * `ends` are the node's ports on the other side; null where none takes it.
 */
export function bestEnd(records, from, ends) {
  const fitting = ends.filter((end) => !refusal(records, from, end));
  const free = (end) => end.many || end.side === 'out' || !Object.values(records.wires)
    .some((wire) => wire.target[0] === end.node && wire.target[1] === end.port);
  return fitting.find(free) ?? fitting[0] ?? null;
}

/** The change that draws a wire between two ends. */
export function connectChange(records, id, first, second) {
  const [source, target] = first.side === 'out' ? [first, second] : [second, first];
  const places = Object.values(records.wires)
    .filter((wire) => wire.target[0] === target.node && wire.target[1] === target.port).map((wire) => wire.target[2] ?? 0);
  const position = target.many && places.length ? Math.max(...places) + 1 : 0;
  return { change: 'connect', id, wire: { source: [source.node, source.port], target: [target.node, target.port, position] } };
}
