// The map of the network.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extentReader } from '../../editor/canvas/src/flow/extent.js';
import { mapReader, overviewMap } from '../../editor/canvas/src/model/overview_map.js';

const box = (x, y, type = 'a') => ({ position: { x, y }, width: 100, height: 50, type });
const classOf = ({ type }) => type;

test('all nodes lie on the map, in the middle, one path for each class', () => {
  const nodes = [box(0, 0), box(900, 0), box(400, 150, 'b')];
  const { scale, left, top, paths } = overviewMap(nodes, extentReader()(nodes), classOf, 144, 96);
  assert.equal(scale, 136 / 1000);
  assert.deepEqual([(0 - left) * scale, (1000 - left) * scale].map(Math.round), [4, 140]);
  assert.equal((100 - top) * scale, 48);
  assert.deepEqual(paths.map(([name, path]) => [name, path.split('z').length - 1]), [['a', 2], ['b', 1]]);
});

test('a node of a large network is still seen', () => {
  const nodes = [box(0, 0), box(1_000_000, 0)];
  assert.match(overviewMap(nodes, extentReader()(nodes), classOf, 144, 96).paths[0][1], /^M4 48h1v1h-1z/);
});

test('the map waits for a node that is in the hand', () => {
  const read = mapReader(extentReader(), classOf, 144, 96);
  const before = read([box(0, 0), box(900, 0)]);
  assert.equal(read([box(0, 0), { ...box(500, 0), dragging: true }]), before);
  assert.notEqual(read([box(0, 0), box(500, 0)]), before);
});
