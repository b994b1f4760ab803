import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChange } from '../../editor/canvas/src/model/apply_change.js';

const RECORDS = {
  nodes: { a: { kind: 'Dense', params: { units: 3 }, label: '' }, b: { kind: 'Add', params: {}, label: '' } },
  wires: { w: { source: ['a', 'output'], target: ['b', 'inputs', 0] } },
  layout: { a: [0, 0], b: [9, 0] },
};
const wire = (position = 0) => ({ change: 'connect', id: 'v', wire: { source: ['c', 'output'], target: ['b', 'inputs', position] } });

test('removing a node removes its wires and its place', () => {
  const { nodes, wires, layout } = applyChange(RECORDS, { change: 'remove-node', node: 'a' });
  assert.deepEqual([Object.keys(nodes), wires, layout], [['b'], {}, { b: [9, 0] }]);
});

test('a wire into a taken single port replaces the old one', () => {
  assert.deepEqual(Object.keys(applyChange(RECORDS, wire()).wires), ['v']);
});

test('a wire into a port that takes a list gets the next position', () => {
  const { wires } = applyChange(RECORDS, wire(), () => true);
  assert.deepEqual([Object.keys(wires), wires.v.target], [['w', 'v'], ['b', 'inputs', 1]]);
});

test('parameters are set and unset', () => {
  const set = applyChange(RECORDS, { change: 'set-parameter', node: 'a', parameter: 'use_bias', value: false });
  assert.deepEqual(set.nodes.a.params, { units: 3, use_bias: false });
  assert.deepEqual(applyChange(set, { change: 'unset-parameter', node: 'a', parameter: 'units' }).nodes.a.params, { use_bias: false });
});

test('nothing is changed in place, and records that were not touched keep their identity', () => {
  const before = structuredClone(RECORDS);
  const after = applyChange(RECORDS, { change: 'set-label', node: 'a', label: 'hidden' });
  assert.deepEqual(RECORDS, before);
  assert.equal(after.nodes.b, RECORDS.nodes.b);
  assert.equal(after.wires, RECORDS.wires);
});

test('a change of a node that is gone changes nothing', () => {
  assert.equal(applyChange(RECORDS, { change: 'set-muted', node: 'x', muted: true }), RECORDS);
});
