// Bringing nodes into line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aligned, distributed } from '../../editor/canvas/src/model/aligning.js';

const boxes = { a: [0, 0, 100, 50], b: [150, 80, 200, 60], c: [600, 20, 100, 90] };

test('boxes are brought to each side and to the middles', () => {
  assert.deepEqual(aligned(boxes, 'left'), { a: [0, 0], b: [0, 80], c: [0, 20] });
  assert.deepEqual(aligned(boxes, 'right'), { a: [600, 0], b: [500, 80], c: [600, 20] });
  assert.deepEqual(aligned(boxes, 'top'), { a: [0, 0], b: [150, 0], c: [600, 0] });
  assert.deepEqual(aligned(boxes, 'bottom'), { a: [0, 90], b: [150, 80], c: [600, 50] });
  assert.deepEqual(aligned(boxes, 'centre'), { a: [300, 0], b: [250, 80], c: [300, 20] });
  assert.deepEqual(aligned(boxes, 'middle'), { a: [0, 45], b: [150, 40], c: [600, 25] });
});

test('gaps between boxes become equal; the first and the last stay', () => {
  assert.deepEqual(distributed(boxes, 0), { a: [0, 0], b: [250, 80], c: [600, 20] });
  const down = distributed(boxes, 1);
  assert.deepEqual([down.a[1], down.b[1]], [0, 80]);
});
