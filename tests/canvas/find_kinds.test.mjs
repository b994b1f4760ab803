import assert from 'node:assert/strict';
import test from 'node:test';
import { findKinds } from '../../editor/canvas/src/model/find_kinds.js';

const conv = { group: 'layer', family: 'Convolution', parameters: { filters: { type: 'int' }, kernel_size: { type: 'sizes' } } };
const kinds = {
  Conv1D: { ...conv, standing: 4 },
  Conv2D: { ...conv, standing: 9 },
  'ops.conv': { group: 'op', family: 'Operations: nn', parameters: {}, standing: 0 },
  Dense: { group: 'layer', family: 'Core', parameters: { units: { type: 'int' } }, synonyms: ['linear'], standing: 9 },
};

test('without the server the kind that is used most comes first among equals', () => {
  const rows = findKinds(kinds, 'conv 64 3');
  assert.deepEqual(rows.map(({ kind }) => kind), ['Conv2D', 'Conv1D', 'ops.conv']);
  assert.deepEqual(rows[0].params, { filters: 64, kernel_size: 3 });
});

test('a kind is found by what else it is called', () => {
  assert.deepEqual(findKinds(kinds, 'linear 5').map(({ kind, params }) => [kind, params]), [['Dense', { units: 5 }]]);
});
