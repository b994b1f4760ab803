import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countText, dataKind, parameterLine, shapeText, tightShapeText } from '../../editor/canvas/src/model/text.js';
import { parseArguments, parseSizes, sizesText } from '../../editor/canvas/src/model/arguments.js';
import { findKinds } from '../../editor/canvas/src/model/find_kinds.js';

const CONV = {
  group: 'layer', family: 'Convolution', synonyms: ['Convolution2D'],
  parameters: { filters: { type: 'int', required: true }, kernel_size: { type: 'sizes', required: true }, padding: { type: 'choice', choices: ['valid', 'same'] }, activation: { type: 'activation' }, use_bias: { type: 'bool', default: true } },
};
const KINDS = { Conv2D: CONV, Dense: { group: 'layer', family: 'Core', parameters: {} }, 'ops.conv': { group: 'op', family: 'Operations: nn', parameters: {} } };

test('shapes have a dot for the batch axis', () => {
  assert.equal(shapeText([null, 28, 28, 32]), '· × 28 × 28 × 32');
  assert.equal(shapeText([null, null, 8]), '· × ? × 8');
  assert.equal(tightShapeText([null, 10]), '·×10');
  assert.equal(shapeText([]), 'scalar');
  assert.equal(shapeText(undefined), '');
});

test('counts are grouped, and short from a million on', () => {
  assert.deepEqual([0, 1234, 1e6, 1234567, 3.42e9].map(countText), ['0', '1,234', '1 M', '1.2 M', '3.4 G']);
});

test('the line of a node tells what was set, in the order of the kind', () => {
  assert.equal(parameterLine('Conv2D', CONV, { activation: 'relu', kernel_size: 3, filters: 64 }), '64 · 3×3 · relu');
  assert.equal(parameterLine('Conv2D', CONV, { filters: 8, kernel_size: [3, 5], use_bias: false }), '8 · 3×5 · no bias');
  assert.equal(parameterLine('Odd', undefined, { rate: 0.5, seed: 3, inner: { kind: 'Dense' } }), '0.5 · seed 3 · inner Dense');
});

test('what a wire carries follows from rank and type', () => {
  assert.deepEqual([[null, 8, 8, 3], [null, 8, 3], [null, 8], undefined].map((shape) => dataKind(shape)), ['image', 'sequence', 'vector', 'unknown']);
  assert.equal(dataKind([null, 8], 'int32'), 'codes');
});

test('sizes are read as people write them', () => {
  assert.deepEqual(['3', '3, 3', '(2,2)', '28x28x1', '?, 8', 'None,4'].map(parseSizes), [3, [3, 3], [2, 2], [28, 28, 1], [null, 8], [null, 4]]);
  assert.deepEqual(['', 'abc', '1.5'].map(parseSizes), [undefined, undefined, undefined]);
  assert.equal(sizesText([null, 28]), '?, 28');
});

test('arguments behind a kind find their parameters', () => {
  assert.deepEqual(parseArguments(CONV, ['64', '3', 'relu']), { filters: 64, kernel_size: 3, activation: 'relu' });
  assert.deepEqual(parseArguments(CONV, ['padding=same']), { padding: 'same' });
});

test('kinds are found by name, synonym and family, layers before operations', () => {
  assert.equal(findKinds(KINDS, 'conv 16')[0].kind, 'Conv2D');
  assert.deepEqual(findKinds(KINDS, 'conv 16')[0].params, { filters: 16 });
  assert.equal(findKinds(KINDS, 'convolution2d')[0].kind, 'Conv2D');
  assert.deepEqual(findKinds(KINDS, 'zzz'), []);
});
