// Gestures on what is selected, as changes.
import { newId } from './ids.js';
import { kindText, startingParams } from './kinds.js';
import { plural } from './text.js';

/** `2 points`, `1 note`; `3 marks` where they differ. */
function markWords(records, ids) {
  const kinds = new Set(ids.map((id) => records.marks?.[id]?.kind ?? 'mark'));
  return plural(ids.length, kinds.size === 1 ? [...kinds][0] : 'mark');
}

export function removal(records, nodes, wires, marks = []) {
  const gone = new Set(nodes);
  const loose = wires.filter((id) => {
    const wire = records.wires[id];
    return wire && !gone.has(wire.source[0]) && !gone.has(wire.target[0]);
  });
  const what = nodes.length ? plural(nodes.length, 'node') : loose.length ? plural(loose.length, 'wire') : markWords(records, marks);
  return {
    label: `Delete ${what}`,
    // Marks first: with a wire its points would be gone already.
    changes: [
      ...marks.map((id) => ({ change: 'remove-mark', id })),
      ...loose.map((wire) => ({ change: 'disconnect', wire })),
      ...nodes.map((node) => ({ change: 'remove-node', node })),
    ],
  };
}

/** Mutes the chosen nodes, or wakes them all when all are muted. */
export function muting(records, nodes) {
  const muted = !nodes.every((id) => records.nodes[id].muted);
  const changes = nodes.filter((id) => records.nodes[id].muted !== muted).map((node) => ({ change: 'set-muted', node, muted }));
  return { label: `${muted ? 'Mute' : 'Unmute'} ${plural(nodes.length, 'node')}`, changes };
}

/** `places` is `{id: [x, y]}`; only nodes that really moved are named. */
export function moving(records, places) {
  const moved = Object.entries(places).map(([id, [x, y]]) => [id, [Math.round(x), Math.round(y)]])
    .filter(([id, [x, y]]) => records.nodes[id] && (records.layout[id]?.[0] !== x || records.layout[id]?.[1] !== y));
  const marks = Object.entries(places).filter(([id, [x, y]]) => records.marks?.[id] && (records.marks[id].x !== x || records.marks[id].y !== y))
    .map(([id, [x, y]]) => ({ change: 'put-mark', id, mark: { ...records.marks[id], x: Math.round(x), y: Math.round(y) } }));
  const changes = moved.length ? [{ change: 'move-nodes', positions: Object.fromEntries(moved) }] : [];
  return { label: `Move ${moved.length ? plural(moved.length, 'node') : markWords(records, marks.map(({ id }) => id))}`, changes: [...changes, ...marks] };
}

/** A new node, already wired to `end` where the user pulled a wire out. */
export function placing(records, kindName, kind, params, position, end) {
  const id = newId(kindName, records.nodes);
  const changes = [{ change: 'add-node', id, node: { kind: kindName, params: { ...startingParams(kind), ...params } }, position: position.map(Math.round) }];
  const own = end && (end.side === 'out' ? kind.inputs?.[0] : kind.outputs?.[0]);
  if (own) {
    const here = [id, own.name];
    const wire = end.side === 'out'
      ? { source: [end.node, end.port], target: [...here, 0] }
      : { source: here, target: [end.node, end.port, 0] };
    changes.push({ change: 'connect', id: newId('wire', records.wires), wire });
  }
  return { id, label: `Add ${kindText(kindName)}`, changes };
}
