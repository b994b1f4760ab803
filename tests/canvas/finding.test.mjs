import assert from 'node:assert/strict';
import test from 'node:test';
import { findNodes } from '../../editor/canvas/src/model/finding.js';
import { aligned, distributed } from '../../editor/canvas/src/model/aligning.js';
import { sharedParameters } from '../../editor/canvas/src/model/kinds.js';
import { SHORTCUTS } from '../../editor/canvas/src/model/shortcuts.js';

const records = {
  nodes: {
    one: { kind: 'Conv2D', label: 'strokes', params: {} },
    two: { kind: 'Dense', label: '', params: {} },
    three: { kind: 'Dropout', label: 'rest', params: {}, muted: true },
  },
  layout: { one: [0, 100], two: [0, 0], three: [300, 0] },
};
const kinds = { Conv2D: { family: 'Convolution' }, Dense: { family: 'Core' }, Dropout: { family: 'Regularization' } };
const status = {
  one: { shapes: { output: [null, 28, 28, 16] }, problems: [{ severity: 'error', code: 'S203', message: 'Too few axes.' }] },
  two: { shapes: { output: [null, 128] } },
};
const find = (text) => findNodes(records, kinds, (id) => status[id], text);

test('nodes are found by name, kind, family, shape, problem and state, in the order of reading', () => {
  assert.deepEqual(find('STROKES'), ['one']);
  assert.deepEqual(find('d'), ['two', 'three', 'one']);
  assert.deepEqual(find('convol'), ['one']);
  for (const shape of ['28×28', '28x28', '(28, 28)', '28, 28, 16']) assert.deepEqual(find(shape), ['one'], shape);
  assert.deepEqual(find('128'), ['two']);
  assert.deepEqual(find('error'), ['one']);
  assert.deepEqual(find('too few axes'), ['one']);
  assert.deepEqual(find('muted'), ['three']);
  assert.deepEqual(find('  '), []);
});

const boxes = { a: [0, 0, 100, 50], b: [300, 20, 50, 90], c: [120, 400, 60, 60] };

test('boxes are aligned by a side or by their middles', () => {
  const at = (side) => Object.values(aligned(boxes, side));
  assert.deepEqual(at('left'), [[0, 0], [0, 20], [0, 400]]);
  assert.deepEqual(at('right'), [[250, 0], [300, 20], [290, 400]]);
  assert.deepEqual(at('bottom'), [[0, 410], [300, 370], [120, 400]]);
  assert.deepEqual(at('centre'), [[125, 0], [150, 20], [145, 400]]);
});

test('boxes are distributed with equal gaps, the outer ones staying', () => {
  const places = distributed(boxes, 0);
  assert.deepEqual([places.a[0], places.b[0]], [0, 300]);
  assert.equal(places.c[0] - 100, places.b[0] - (places.c[0] + 60));
});

test('kinds share the parameters of one name and type', () => {
  const dense = { parameters: { units: { type: 'int' }, activation: { type: 'activation' }, size: { type: 'int' } } };
  const conv = { parameters: { filters: { type: 'int' }, activation: { type: 'activation' }, size: { type: 'sizes' } } };
  assert.deepEqual(Object.keys(sharedParameters([dense, conv])), ['activation']);
  assert.deepEqual(sharedParameters([dense, undefined]), {});
});

test('no key is listed twice', () => {
  const keys = SHORTCUTS.flatMap(([, rows]) => rows.map(([key]) => key));
  assert.equal(new Set(keys).size, keys.length);
});
