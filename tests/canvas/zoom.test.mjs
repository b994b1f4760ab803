// How far out one may zoom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extentReader } from '../../editor/canvas/src/flow/extent.js';
import { leastZoom } from '../../editor/canvas/src/flow/zoom.js';

test('a network of any size can be seen whole', () => {
  assert.equal(leastZoom([0, 0, 2000, 1000], 1000, 600), 0.08);
  const least = leastZoom([0, 0, 1_600_000, 80], 1000, 600);
  assert.ok(least * 1_600_000 < 1000 && least > 0);
  assert.equal(leastZoom([Infinity, Infinity, -Infinity, -Infinity], 1000, 600), 0.08);
});

test('the extent is that of all nodes, reckoned once', () => {
  const read = extentReader();
  const nodes = [{ position: { x: -5, y: 2 }, width: 10, height: 4 }, { position: { x: 100, y: -50 }, width: 10, height: 4 }];
  assert.deepEqual(read(nodes), [-5, -50, 110, 6]);
  assert.equal(read(nodes), read(nodes));
});
