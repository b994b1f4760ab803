// Which nodes data reach, and which feed them.

function neighbours(wires, forward) {
  const next = new Map();
  for (const { source, target } of Object.values(wires)) {
    const [from, to] = forward ? [source[0], target[0]] : [target[0], source[0]];
    if (!next.has(from)) next.set(from, []);
    next.get(from).push(to);
  }
  return next;
}

function reached(wires, starts, forward) {
  const next = neighbours(wires, forward);
  const seen = new Set(starts);
  const open = [...starts];
  while (open.length) {
    for (const node of next.get(open.pop()) ?? []) {
      if (!seen.has(node)) {
        seen.add(node);
        open.push(node);
      }
    }
  }
  return seen;
}

/** The nodes and all that feeds them. */
export const upstream = ({ wires }, ids) => [...reached(wires, ids, false)];

/** The nodes and all that they feed. */
export const downstream = ({ wires }, ids) => [...reached(wires, ids, true)];

/** The nodes and all that lies on a way from one of them to another. */
export function between({ wires }, ids) {
  const before = reached(wires, ids, false);
  return [...reached(wires, ids, true)].filter((id) => before.has(id));
}
