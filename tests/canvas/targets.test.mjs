import assert from 'node:assert/strict';
import test from 'node:test';
import { wireTargets } from '../../editor/canvas/src/model/targets.js';

const PORTS = {
  Input: { inputs: [], outputs: [{ name: 'output' }] },
  Dense: { inputs: [{ name: 'inputs' }], outputs: [{ name: 'output' }] },
  Output: { inputs: [{ name: 'inputs' }], outputs: [] },
};
const records = {
  nodes: { a: { kind: 'Input', label: 'numbers' }, b: { kind: 'Dense', label: '' }, c: { kind: 'Output', label: 'answer' } },
  wires: { w: { source: ['a', 'output'], target: ['b', 'inputs', 0] } },
  layout: {},
};
const portsOf = (id) => PORTS[records.nodes[id].kind];

test('a wire may go where no rule is against it, free ports first', () => {
  assert.deepEqual(wireTargets(records, 'b', portsOf).map(({ text }) => text), ['output → answer · inputs']);
  assert.deepEqual(wireTargets(records, 'a', portsOf).map(({ text, busy }) => [text, busy]), [['output → answer · inputs', false]]);
  assert.deepEqual(wireTargets(records, 'c', portsOf).map(({ text }) => text), ['inputs ← numbers · output', 'inputs ← Dense · output']);
});

test('a port that is taken comes last and says so', () => {
  const more = { ...records, nodes: { ...records.nodes, d: { kind: 'Input', label: 'more' } } };
  const rows = wireTargets(more, 'd', (id) => PORTS[more.nodes[id].kind]);
  assert.deepEqual(rows.map(({ text, busy }) => [text, busy]), [['output → answer · inputs', false], ['output → Dense · inputs', true]]);
});
