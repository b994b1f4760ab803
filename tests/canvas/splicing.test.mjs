import assert from 'node:assert/strict';
import test from 'node:test';
import { bypassing, inserting } from '../../editor/canvas/src/model/splicing.js';
import { applyChange } from '../../editor/canvas/src/model/apply_change.js';
import { pointsByWire } from '../../editor/canvas/src/model/wire_points.js';
import { between, downstream, upstream } from '../../editor/canvas/src/model/flow_of_data.js';

const wire = (from, to, port = 'inputs', position = 0) => ({ source: [from, 'output'], target: [to, port, position] });
const records = (...wires) => ({
  nodes: Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, { kind: 'Dense', params: {} }])),
  wires: Object.fromEntries(wires.map((each, index) => [`w${index}`, each])),
  layout: {},
});
const PORTS = { inputs: [{ name: 'inputs' }], outputs: [{ name: 'output' }] };
const after = (start, changes, isMany) => changes.reduce((now, change) => applyChange(now, change, isMany), start);
const drawn = ({ wires }) => Object.values(wires).map(({ source, target }) => `${source[0]}>${target[0]}${target[2] ? `@${target[2]}` : ''}`).sort();

test('a node in a wire keeps the place among the wires of a list', () => {
  const start = records(wire('a', 'd', 'inputs', 0), wire('b', 'd', 'inputs', 1));
  const { changes } = inserting(start, 'w1', 'c', PORTS);
  assert.deepEqual(drawn(after(start, changes, () => true)), ['a>d', 'b>c', 'c>d@1']);
});

test('a node that the wire leads away from cannot stand in it', () => {
  const start = records(wire('a', 'b'), wire('c', 'a'));
  assert.match(inserting(start, 'w0', 'c', PORTS).reason, /cycle/);
});

test('a node without an input cannot stand in a wire', () => {
  assert.match(inserting(records(wire('a', 'b')), 'w0', 'c', { inputs: [], outputs: PORTS.outputs }).reason, /input and an output/);
});

test('a chain taken out leaves what fed it wired to all that it fed', () => {
  const start = records(wire('a', 'b'), wire('b', 'c'), wire('c', 'd'), wire('c', 'e'));
  const { changes, open } = bypassing(start, ['b', 'c'], () => PORTS.inputs, () => undefined);
  assert.equal(open, 0);
  assert.deepEqual(drawn(after(start, changes)), ['a>d', 'a>e']);
});

test('a gap that shapes do not allow stays open and is counted', () => {
  const start = records(wire('a', 'b'), wire('b', 'c'));
  const shapes = { a: [null, 28, 28, 1], b: [null, 784] };
  const { changes, open } = bypassing(start, ['b'], () => PORTS.inputs, ([node]) => shapes[node]);
  assert.equal(open, 1);
  assert.deepEqual(drawn(after(start, changes)), []);
});

test('upstream, downstream and between follow the wires', () => {
  const drawing = records(wire('a', 'b'), wire('b', 'c'), wire('c', 'd'), wire('e', 'c'));
  assert.deepEqual(upstream(drawing, ['c']).sort(), ['a', 'b', 'c', 'e']);
  assert.deepEqual(downstream(drawing, ['b']).sort(), ['b', 'c', 'd']);
  assert.deepEqual(between(drawing, ['a', 'd']).sort(), ['a', 'b', 'c', 'd']);
});

const led = (start, ...places) => ({
  ...start,
  layout: { a: [0, 0], b: [1000, 0], c: [1500, 0] },
  marks: Object.fromEntries(places.map(([wireId, x, y], order) => [`p${order}`, { kind: 'point', x: x - 6, y: y - 6, width: 12, height: 12, wire: wireId, order }])),
});
const points = ({ wires, marks }) => Object.fromEntries(Object.entries(pointsByWire(marks))
  .map(([id, all]) => [`${wires[id].source[0]}>${wires[id].target[0]}`, all.map(([, x]) => x)]));

test('a node in a wire stands between the points of the wire, and covers none', () => {
  const start = led(records(wire('a', 'b')), ['w0', 300, 80], ['w0', 600, 40], ['w0', 900, 80]);
  const { changes } = inserting(start, 'w0', 'd', PORTS, [500, 10]);
  assert.deepEqual(points(after(start, changes)), { 'a>d': [300], 'd>b': [900] });
});

test('what is closed over a node is led through the points before it and behind it', () => {
  const start = led(records(wire('a', 'b'), wire('b', 'c'), wire('b', 'd')), ['w0', 300, 80], ['w1', 1300, 40], ['w2', 1400, 90]);
  const { changes } = bypassing(start, ['b'], () => PORTS.inputs, () => undefined);
  assert.deepEqual(points(after(start, changes)), { 'a>c': [300, 1300], 'a>d': [300, 1400] });
});
