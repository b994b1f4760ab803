// Networks inside networks, as far as the canvas knows of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculatedText, isCalculated, readCalculated, repeatText } from '../../editor/canvas/src/model/calculated.js';
import { applyChange } from '../../editor/canvas/src/model/apply_change.js';
import { findKinds } from '../../editor/canvas/src/model/find_kinds.js';
import { Drawing } from '../../editor/canvas/src/model/drawing.js';
import { newId } from '../../editor/canvas/src/model/ids.js';
import { kindText, networkOf, placeable, withNetworks } from '../../editor/canvas/src/model/kinds.js';
import { miniature } from '../../editor/canvas/src/model/miniature.js';
import { pieceText } from '../../editor/canvas/src/model/pieces.js';

test('a calculated value reads as it is written', () => {
  for (const [text, value] of [
    ['= filters * 2', { expression: 'filters * 2' }],
    ['filters', { expression: 'filters' }],
    ['16 | 32', { each: [16, 32] }],
    ['relu | = act', { each: [{ expression: 'relu' }, { expression: 'act' }] }],
  ]) assert.deepEqual(readCalculated(text), value);
  assert.equal(readCalculated('64'), null);
  assert.equal(readCalculated('1e-3'), null);
  assert.equal(calculatedText({ expression: 'filters * 2' }), '= filters * 2');
  assert.equal(calculatedText({ each: [16, 32] }), '16 | 32');
  assert.ok(!isCalculated({ kind: 'HeNormal' }) && !isCalculated(3) && !isCalculated(null));
  assert.deepEqual([repeatText(1), repeatText(3), repeatText({ expression: 'depth' })], ['', '3', 'depth']);
});

test('a kind of a network is called like its cell', () => {
  assert.equal(networkOf('network:Residual block'), 'Residual block');
  assert.equal(networkOf('Dense'), '');
  assert.equal(kindText('network:Residual block'), 'Residual block');
  assert.equal(kindText('Dense'), 'Dense');
  assert.match(newId('network:Residual block'), /^residualblock_[0-9a-z]{4}$/);
});

test('networks that are gone leave the catalogue', () => {
  const once = withNetworks({ kinds: { Dense: {} } }, { 'network:A': {}, 'network:B': {} });
  assert.deepEqual(Object.keys(once.kinds), ['Dense', 'network:A', 'network:B']);
  assert.deepEqual(Object.keys(withNetworks(once, { 'network:B': {} }).kinds), ['Dense', 'network:B']);
});

test('a network that would contain itself is found last, with the reason', () => {
  const network = { group: 'network', family: 'Networks', parameters: {} };
  const kinds = { 'network:Block': network, 'network:Blocks': network, Blocky: { ...network, family: 'Core', standing: 1 } };
  const here = placeable(kinds, { 'network:Block': 'it would contain itself', 'network:Gone': 'it is gone' });
  const rows = findKinds(here, 'block');
  assert.deepEqual(rows.map(({ kind, reason }) => [kind, reason]).at(-1), ['network:Block', 'it would contain itself']);
  assert.equal(rows.length, 3);
  assert.ok(!kinds['network:Block'].unbuildable);
});

test('repeating a node is shown at once', () => {
  const records = { nodes: { a: { kind: 'network:B', params: {}, repeat: 1 } }, wires: {}, layout: {} };
  const after = applyChange(records, { change: 'set-repeat', node: 'a', repeat: 3, weights: 'shared', names: ['x'] });
  assert.deepEqual(after.nodes.a, { kind: 'network:B', params: {}, repeat: 3, weights: 'shared', names: ['x'] });
});

test('what waits to be acknowledged in another network is not drawn in this one', () => {
  const waiting = [
    { changes: [{ change: 'set-label', cell: 'inner', node: 'a', label: 'inside' }] },
    { changes: [{ change: 'set-label', cell: 'outer', node: 'a', label: 'outside' }] },
  ];
  const drawing = new Drawing({ outbox: { waiting, settleUpTo() {}, lastSequence: () => 0 }, tab: 't', isMany: () => false });
  const node = { kind: 'Dense', params: {}, label: '' };
  drawing.takeSnapshot({ cell: { id: 'inner', nodes: { a: node }, wires: {}, layout: {} }, revision: 1 });
  assert.equal(drawing.records().nodes.a.label, 'inside');
});

test('copied nodes bring the networks that they stand for, and those inside them', () => {
  const records = { nodes: { a: { kind: 'network:A' }, b: { kind: 'Dense' } }, wires: {}, layout: {} };
  const definitions = { A: { nodes: { x: { kind: 'network:B' } } }, B: { nodes: {} }, C: { nodes: {} } };
  assert.deepEqual(Object.keys(JSON.parse(pieceText(records, ['a'], definitions)).definitions), ['A', 'B']);
  assert.ok(!('definitions' in JSON.parse(pieceText(records, ['b'], definitions))));
});

test('a miniature keeps every box in the picture and the wires between them', () => {
  const { boxes, lines } = miniature({ places: { a: [0, 0], b: [900, 400] }, wires: [['a', 'b'], ['a', 'gone']] }, 120, 50);
  assert.equal(lines.length, 1);
  for (const { x, y, width, height } of boxes) assert.ok(x >= 0 && y >= 0 && x + width <= 120 && y + height <= 50);
  assert.deepEqual(miniature({ places: {}, wires: [] }, 10, 10), { boxes: [], lines: [] });
});
