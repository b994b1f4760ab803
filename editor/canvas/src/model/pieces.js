// A part of a network as text for the system clipboard, and back as changes.
import { newId } from './ids.js';
import { networkOf } from './kinds.js';

const MARK = 'weftwork/nodes';
const PARTS = ['nodes', 'wires', 'layout'];

/** The networks that nodes stand for, and those that stand in these. */
function definitionsOf(nodes, definitions, found = {}) {
  for (const { kind } of Object.values(nodes)) {
    const name = networkOf(kind);
    if (!definitions[name] || found[name]) continue;
    found[name] = definitions[name];
    definitionsOf(definitions[name].nodes, definitions, found);
  }
  return found;
}

/**
 * The chosen nodes, frames and notes with the wires between them, as JSON text; `definitions` are the networks that nodes
 * may stand for.
 */
export function pieceText(records, ids, definitions = {}) {
  const chosen = new Set(ids);
  const pick = (part) => Object.fromEntries(Object.entries(records[part]).filter(([id]) => chosen.has(id)));
  const wires = Object.fromEntries(Object.entries(records.wires)
    .filter(([, wire]) => chosen.has(wire.source[0]) && chosen.has(wire.target[0])));
  const brought = definitionsOf(pick('nodes'), definitions);
  const rest = Object.keys(brought).length ? { definitions: brought } : {};
  const comes = ([id, { kind, wire }]) => (kind === 'point' ? wires[wire] : chosen.has(id));
  const marks = Object.fromEntries(Object.entries(records.marks ?? {}).filter(comes));
  if (Object.keys(marks).length) rest.marks = marks;
  return JSON.stringify({ type: MARK, format: 1, nodes: pick('nodes'), wires, layout: pick('layout'), ...rest }, null, 1);
}

/** The piece in a text, or null where the text is not ours. */
export function readPiece(text) {
  let piece;
  try {
    piece = JSON.parse(text);
  } catch {
    return null;
  }
  if (piece?.type !== MARK || PARTS.some((part) => typeof piece[part] !== 'object')) return null;
  return piece;
}

/** Changes that put a piece with fresh ids `offset` away from where it was; also the ids of its new nodes, frames and notes. */
export function pieceChanges(piece, records, offset) {
  const fresh = {};
  const taken = { ...records.nodes };
  for (const [id, node] of Object.entries(piece.nodes)) {
    fresh[id] = newId(node.kind, taken);
    taken[fresh[id]] = node;
  }
  const nodes = Object.entries(piece.nodes).map(([id, node]) => {
    const [x, y] = piece.layout[id] ?? [0, 0];
    const shares = node.shares ? (fresh[node.shares] ?? (records.nodes[node.shares] ? node.shares : null)) : null;
    return { change: 'add-node', id: fresh[id], node: { ...node, shares }, position: [x + offset[0], y + offset[1]] };
  });
  // A node may share the weights of one that stands after it in the piece.
  nodes.sort((one, other) => Number(!!one.node.shares) - Number(!!other.node.shares));
  const takenWires = { ...records.wires };
  const freshWires = {};
  const wires = Object.entries(piece.wires).map(([old, { source, target }]) => {
    const id = newId('wire', takenWires);
    takenWires[id] = true;
    freshWires[old] = id;
    const end = (place) => [fresh[place[0]], ...place.slice(1)];
    return { change: 'connect', id, wire: { source: end(source), target: end(target) } };
  });
  const takenMarks = { ...records.marks };
  const marks = Object.values(piece.marks ?? {}).filter(({ kind, wire }) => kind !== 'point' || freshWires[wire]).map((mark) => {
    const id = newId(mark.kind, takenMarks);
    takenMarks[id] = mark;
    const moved = { ...mark, x: mark.x + offset[0], y: mark.y + offset[1] };
    return { change: 'put-mark', id, mark: mark.kind === 'point' ? { ...moved, wire: freshWires[mark.wire] } : moved };
  });
  const drawn = marks.filter(({ mark }) => mark.kind !== 'point').map(({ id }) => id);
  return { changes: [...nodes, ...wires, ...marks], ids: [...Object.values(fresh), ...drawn] };
}
