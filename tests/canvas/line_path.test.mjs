// The small line of a node.
import assert from 'node:assert/strict';
import test from 'node:test';
import { linePath } from '../../editor/canvas/src/model/line_path.js';

test('heights become a line from left to right, 1 at the top', () => {
  assert.equal(linePath([0, 1, 0.5]), 'M0.0 14.0L50.0 2.0L100.0 8.0');
});

test('null leaves a gap', () => {
  assert.equal(linePath([0, null, 1, 0]), 'M0.0 14.0M66.7 2.0L100.0 14.0');
});

test('one height and none are no error', () => {
  assert.equal(linePath([0.5]), 'M0.0 8.0');
  assert.equal(linePath([]), '');
});
