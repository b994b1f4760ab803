import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestEnd, connectChange, refusal } from '../../editor/canvas/src/model/wiring.js';

const wire = (from, to, port = 'inputs', position = 0) => ({ source: [from, 'output'], target: [to, port, position] });
const RECORDS = { nodes: {}, layout: {}, wires: { one: wire('a', 'b'), two: wire('b', 'c') } };
const out = (node, port = 'output') => ({ node, port, side: 'out' });
const into = (node, port = 'inputs', many = false) => ({ node, port, side: 'in', many });

test('two outputs, two inputs, a node itself, a second wire and a cycle are refused with the reason', () => {
  assert.match(refusal(RECORDS, out('a'), out('b')), /output cannot feed an output/);
  assert.match(refusal(RECORDS, into('a'), into('b')), /input cannot feed an input/);
  assert.match(refusal(RECORDS, out('a'), into('a')), /feed itself/);
  assert.match(refusal(RECORDS, out('a'), into('b')), /wired already/);
  assert.match(refusal(RECORDS, out('c'), into('a')), /cycle/);
});

test('a wire may be drawn from either of its ends', () => {
  assert.equal(refusal(RECORDS, out('a'), into('c', 'mask')), '');
  assert.equal(refusal(RECORDS, into('c', 'mask'), out('a')), '');
  assert.deepEqual(connectChange(RECORDS, 'w', into('c', 'mask'), out('a')).wire, { source: ['a', 'output'], target: ['c', 'mask', 0] });
});

test('a further wire of a list comes last', () => {
  assert.deepEqual(connectChange(RECORDS, 'w', out('a'), into('c', 'inputs', true)).wire.target, ['c', 'inputs', 1]);
});

test('a wire dropped on a node takes its first free port', () => {
  const ends = [into('c'), into('c', 'mask')];
  assert.equal(bestEnd(RECORDS, out('a'), ends).port, 'mask');
  assert.equal(bestEnd(RECORDS, out('a'), ends.slice(0, 1)).port, 'inputs');
  assert.equal(bestEnd(RECORDS, out('c'), [into('a')]), null);
});
