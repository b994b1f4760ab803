import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowNodes, flowWires } from '../../editor/canvas/src/model/flow_records.js';
import { arrange, portsOf } from '../../editor/canvas/src/model/ports.js';

const KINDS = { Dense: { inputs: [{ name: 'inputs' }], outputs: [{ name: 'output' }] } };
const node = (label = '') => ({ kind: 'Dense', params: {}, label, muted: false });
const RECORDS = {
  nodes: { a: node(), b: node() }, layout: { a: [0, 0], b: [300, 0] },
  wires: { w: { source: ['a', 'output'], target: ['b', 'inputs', 0] } },
};
const nodes = (previous, records, chosen) => flowNodes(previous, records, KINDS, () => undefined, chosen);

test('what did not change keeps its identity', () => {
  const first = nodes([], RECORDS);
  const second = nodes(first, { ...RECORDS, nodes: { ...RECORDS.nodes, a: node('hidden') } });
  assert.notEqual(second[0], first[0]);
  assert.equal(second[1], first[1]);
  assert.equal(second[0].ariaLabel, 'hidden, Dense');
});

test('a node in the middle of a drag stays under the mouse', () => {
  const [dragged] = nodes([], RECORDS).map((made) => ({ ...made, dragging: true, position: { x: 77, y: 7 } }));
  const [after] = nodes([dragged], { ...RECORDS, layout: { a: [5, 5], b: [300, 0] } });
  assert.deepEqual(after.position, { x: 77, y: 7 });
});

test('chosen nodes are selected, others keep their selection', () => {
  const first = nodes([], RECORDS, new Set(['b']));
  assert.deepEqual(first.map(({ selected }) => !!selected), [false, true]);
  assert.equal(nodes(first, RECORDS)[1], first[1]);
});

test('a wire without its node is left out, and the rest speak to a screen reader', () => {
  assert.equal(flowWires([], RECORDS)[0].ariaLabel, 'Wire from Dense output to Dense inputs');
  assert.deepEqual(flowWires([], { ...RECORDS, nodes: { a: node() } }), []);
});

test('a few ports are dots beside the name, more stand in rows and make the node higher', () => {
  const ports = (count) => Array.from({ length: count }, (_, index) => ({ name: `p${index}` }));
  assert.equal(arrange({ inputs: ports(1), outputs: ports(1) }).named, false);
  const rows = arrange({ inputs: ports(3), outputs: ports(1) });
  assert.equal(rows.named, true);
  assert.ok(rows.height > arrange({ inputs: ports(2), outputs: ports(1) }).height);
});

test("the server's ports go before those of the kind; an unknown kind takes anything", () => {
  const inputs = [{ name: 'sequences' }];
  assert.equal(portsOf(KINDS.Dense, { inputs }).inputs, inputs);
  assert.equal(portsOf(undefined, undefined).inputs[0].many, true);
});

test('where nothing changed React Flow gets the very same array', () => {
  const first = flowWires([], RECORDS);
  assert.equal(flowWires(first, { ...RECORDS, nodes: { ...RECORDS.nodes, a: node('hidden') } }), first);
  const more = { ...RECORDS, wires: { ...RECORDS.wires, v: { source: ['a', 'output'], target: ['b', 'inputs', 1] } } };
  assert.equal(flowWires(first, more).length, 2);
});
