// Carries out changes on the canvas' copy of a network at once; the server's answer is what counts.
// records: {nodes, wires, layout, marks}, each an object by id. Nothing is changed in place.
import { withoutLoosePoints } from './wire_points.js';

function without(object, ...keys) {
  const rest = { ...object };
  for (const key of keys) delete rest[key];
  return rest;
}

function withNode(records, id, update) {
  const node = records.nodes[id];
  return node ? { ...records, nodes: { ...records.nodes, [id]: { ...node, ...update(node) } } } : records;
}

function removeNode(records, id) {
  const wires = Object.entries(records.wires)
    .filter(([, wire]) => wire.source[0] === id || wire.target[0] === id).map(([wire]) => wire);
  return { ...records, nodes: without(records.nodes, id), wires: without(records.wires, ...wires), layout: without(records.layout, id) };
}

function connect(records, change, isMany) {
  let { wire } = change;
  const [node, port, position = 0] = wire.target;
  const rivals = Object.entries(records.wires).filter(([, { target }]) => target[0] === node && target[1] === port);
  let wires = records.wires;
  if (!isMany(node, port)) wires = without(wires, ...rivals.map(([id]) => id));
  else if (rivals.some(([, { target }]) => (target[2] ?? 0) === position)) {
    const next = Math.max(...rivals.map(([, { target }]) => target[2] ?? 0)) + 1;
    wire = { ...wire, target: [node, port, next] };
  }
  return { ...records, wires: { ...wires, [change.id]: wire } };
}

/** The records after one change. `isMany(node, port)` tells whether a port takes any number of wires. */
export function applyChange(records, change, isMany = () => false) {
  const after = changed(records, change, isMany);
  // With a wire go the points that it was led through.
  return after.wires === records.wires || !after.marks ? after : { ...after, marks: withoutLoosePoints(after.marks, after.wires) };
}

function changed(records, change, isMany) {
  switch (change.change) {
    case 'add-node':
      return {
        ...records,
        nodes: { ...records.nodes, [change.id]: { params: {}, label: '', muted: false, shares: null, ...change.node } },
        layout: { ...records.layout, [change.id]: change.position },
      };
    case 'remove-node': return removeNode(records, change.node);
    case 'set-parameter':
      return withNode(records, change.node, ({ params }) => ({ params: { ...params, [change.parameter]: change.value } }));
    case 'unset-parameter':
      return withNode(records, change.node, ({ params }) => ({ params: without(params, change.parameter) }));
    case 'set-repeat':
      return withNode(records, change.node, () => ({ repeat: change.repeat, weights: change.weights, names: change.names }));
    case 'set-label': return withNode(records, change.node, () => ({ label: change.label }));
    case 'set-muted': return withNode(records, change.node, () => ({ muted: change.muted }));
    case 'set-shares': return withNode(records, change.node, () => ({ shares: change.shares }));
    case 'set-kind': return withNode(records, change.node, () => ({ kind: change.kind }));
    case 'connect': return connect(records, change, isMany);
    case 'disconnect': return { ...records, wires: without(records.wires, change.wire) };
    case 'move-nodes': return { ...records, layout: { ...records.layout, ...change.positions } };
    case 'put-mark': return { ...records, marks: { ...records.marks, [change.id]: change.mark } };
    case 'remove-mark': return { ...records, marks: without(records.marks, change.id) };
    default: return records;
  }
}

/**
 * The records with those of the server put in place; `cell` is the id of the network cell shown. What `shown` has just so
 * already stays the very same object, so that nothing that draws it begins anew.
 */
export function withServerRecords(records, cell, changed, shown = records) {
  const parts = { nodes: null, wires: null, layout: null, marks: null };
  for (const [[owner, part, id], value] of changed) {
    if (owner !== cell || !(part in parts) || id === undefined) continue;
    parts[part] ??= { ...records[part] };
    if (value === null) delete parts[part][id];
    else parts[part][id] = JSON.stringify(shown[part]?.[id]) === JSON.stringify(value) ? shown[part][id] : value;
  }
  return Object.fromEntries(Object.entries(records).map(([part, old]) => [part, parts[part] ?? old]));
}
