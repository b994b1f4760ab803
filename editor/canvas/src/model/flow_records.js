// From records to React Flow's arrays. What did not change keeps its identity, so its component does not render again.
import { kindText } from './kinds.js';
import { NODE_WIDTH, arrange, handleId, portsOf } from './ports.js';
import { pointsByWire } from './wire_points.js';

const PORT = 12;

function handles(arranged) {
  return arranged.ports.map(({ side, name, y }) => ({
    id: handleId(side, name),
    type: side === 'in' ? 'target' : 'source',
    position: side === 'in' ? 'left' : 'right',
    x: side === 'in' ? -PORT / 2 : NODE_WIDTH - PORT / 2,
    y: y - PORT / 2,
    width: PORT,
    height: PORT,
  }));
}

/**
 * The array as it was, where all in it is the same: React Flow indexes all nodes and wires anew for another one, which takes
 * longer than all else that an edit does.
 */
export function sameArray(previous, next) {
  return previous.length === next.length && next.every((item, index) => item === previous[index]) ? previous : next;
}

function samePorts(one, other) {
  return one.inputs === other.inputs && one.outputs === other.outputs;
}

function flowNode(id, record, [x, y], ports, old) {
  const arranged = old && samePorts(old.data.ports, ports) ? old.data.arranged : arrange(ports);
  return {
    ...old,
    id,
    type: 'network',
    position: old?.dragging ? old.position : { x, y },
    width: NODE_WIDTH,
    height: arranged.height,
    measured: { width: NODE_WIDTH, height: arranged.height },
    handles: handles(arranged),
    data: { record, ports, arranged },
    ariaLabel: `${record.label || kindText(record.kind)}, ${kindText(record.kind)}${record.muted ? ', muted' : ''}`,
  };
}

/** React Flow's nodes for the records. `chosen` (ids) replaces the selection where it is given. */
export function flowNodes(previous, records, kinds, status, chosen = null) {
  const old = new Map(previous.map((node) => [node.id, node]));
  return Object.entries(records.nodes).map(([id, record]) => {
    const before = old.get(id);
    const ports = portsOf(kinds[record.kind], status(id));
    const place = records.layout[id] ?? [0, 0];
    let node = before;
    const moved = before && !before.dragging && (before.position.x !== place[0] || before.position.y !== place[1]);
    if (!before || moved || before.data.record !== record || !samePorts(before.data.ports, ports)) {
      node = flowNode(id, record, place, ports, before);
    }
    const selected = chosen ? chosen.has(id) : !!node.selected;
    return !!node.selected === selected ? node : { ...node, selected };
  });
}

const NONE = [];

/** The points as they were, where they are the same. */
function samePoints(before, now = NONE) {
  return before?.length === now.length && String(before) === String(now) ? before : now;
}

/** React Flow's edges for the wires; one whose node is missing is left out. */
export function flowWires(previous, records, chosen = null) {
  const old = new Map(previous.map((wire) => [wire.id, wire]));
  const led = pointsByWire(records.marks ?? {});
  return sameArray(previous, Object.entries(records.wires).flatMap(([id, record]) => {
    const before = old.get(id);
    const [[from, output], [to, input]] = [record.source, record.target];
    if (!records.nodes[from] || !records.nodes[to]) return [];
    let wire = before;
    const points = samePoints(before?.data.points, led[id]);
    if (before?.data.record !== record || before.data.points !== points) {
      const label = (node) => records.nodes[node].label || kindText(records.nodes[node].kind);
      wire = {
        ...before,
        id,
        type: 'shape',
        source: from,
        target: to,
        sourceHandle: handleId('out', output),
        targetHandle: handleId('in', input),
        data: { record, points },
        ariaLabel: `Wire from ${label(from)} ${output} to ${label(to)} ${input}`,
      };
    }
    const selected = chosen ? chosen.has(id) : !!wire.selected;
    return [!!wire.selected === selected ? wire : { ...wire, selected }];
  }));
}
