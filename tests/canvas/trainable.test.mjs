// Whether a node's weights can be trained, and are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isFrozen, mayTrain } from '../../editor/canvas/src/model/trainable.js';

const { kinds } = JSON.parse(readFileSync(new URL('../../assets/catalogue.json', import.meta.url)));
const node = (params = {}) => ({ params });

test('layers with weights may be trained, others not', () => {
  const may = (name) => mayTrain(node(), kinds[name], undefined);
  assert.deepEqual(['Dense', 'Conv2D', 'LSTM', 'BatchNormalization', 'Embedding'].filter((name) => !may(name)), []);
  assert.deepEqual(['Dropout', 'Flatten', 'Add', 'MaxPooling2D', 'Input', 'ops.relu'].filter(may), []);
});

test('what Keras counted goes before what the kind says', () => {
  assert.ok(mayTrain(node(), kinds.Bidirectional, { parameters: 12 }));
  assert.ok(!mayTrain(node(), kinds.Dense, { parameters: 0 }));
  assert.ok(mayTrain(node({ trainable: false }), kinds.Dense, { parameters: 0 }));
});

test('frozen is what is set to be', () => {
  assert.deepEqual([{ trainable: false }, { trainable: true }, {}].map((params) => isFrozen(node(params))), [true, false, false]);
});
