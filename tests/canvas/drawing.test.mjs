import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drawing } from '../../editor/canvas/src/model/drawing.js';
import { Outbox } from '../../editor/canvas/src/model/outbox.js';

const node = (kind) => ({ kind, params: {}, label: '', muted: false, shares: null });
const CELL = {
  id: 'network_1', name: 'classifier', wires: {},
  nodes: { dense_1: node('Dense'), add_1: node('Add') }, layout: { dense_1: [0, 0], add_1: [300, 0] },
};

function drawing({ storage = null } = {}) {
  const sent = [];
  const outbox = new Outbox({ send: (message) => sent.push(message), storage, key: 'place', tab: 'a' });
  const made = new Drawing({ outbox, tab: 'a', isMany: (record) => record?.kind === 'Add' });
  made.takeSnapshot({ cell: CELL, revision: 7, unacknowledged_ok: 3 });
  return { made, outbox, sent };
}

const move = (x) => [{ change: 'move-nodes', positions: { dense_1: [x, 0] } }];

test('a gesture is shown at once and posted with tab, number, revision and cell', () => {
  const { made, sent } = drawing();
  made.perform('Move 1 node', move(40));
  assert.deepEqual(made.shown.layout.dense_1, [40, 0]);
  assert.deepEqual(sent, [{
    type: 'gesture', label: 'Move 1 node', tab: 'a', sequence: 4, revision: 7,
    changes: [{ change: 'move-nodes', positions: { dense_1: [40, 0] }, cell: 'network_1' }],
  }]);
});

test('an acknowledgement settles the gesture and its records are what counts', () => {
  const { made, outbox } = drawing();
  made.perform('Move 1 node', move(40));
  made.takeChanged({ tab: 'a', sequence: 4, revision: 8, records: [[['network_1', 'layout', 'dense_1'], [41, 0]]] });
  assert.equal(outbox.waiting.length, 0);
  assert.deepEqual(made.shown.layout.dense_1, [41, 0]);
});

test('a refused gesture is rolled back, what came after it stays', () => {
  const { made } = drawing();
  made.perform('Move 1 node', move(40));
  made.perform('Name', [{ change: 'set-label', node: 'dense_1', label: 'hidden' }]);
  made.takeRefused({ tab: 'a', sequence: 4, reason: 'no', records: [], revision: 8 });
  assert.deepEqual(made.shown.layout.dense_1, [0, 0]);
  assert.equal(made.shown.nodes.dense_1.label, 'hidden');
});

test("another tab's edits go under what is not acknowledged here", () => {
  const { made } = drawing();
  made.perform('Move 1 node', move(40));
  const records = [[['network_1', 'layout', 'dense_1'], [9, 9]], [['network_1', 'nodes', 'add_1'], null], [['other', 'nodes', 'x'], node('X')]];
  made.takeChanged({ tab: 'b', sequence: null, revision: 8, records });
  assert.deepEqual(made.shown.layout.dense_1, [40, 0]);
  assert.deepEqual(Object.keys(made.shown.nodes), ['dense_1']);
});

test('a snapshot forgets what the server has and keeps the rest on top', () => {
  const { made, outbox } = drawing();
  made.perform('Move 1 node', move(40));
  made.perform('Move 1 node', move(50));
  made.takeSnapshot({ cell: { ...CELL, layout: { dense_1: [40, 0], add_1: [300, 0] } }, revision: 8, unacknowledged_ok: 4 });
  assert.deepEqual(outbox.waiting.map(({ sequence }) => sequence), [5]);
  assert.deepEqual(made.shown.layout.dense_1, [50, 0]);
});

test('edits outlive a reload of the tab, but are not done twice by a duplicated one', () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  drawing({ storage }).made.perform('Move 1 node', move(40));
  const { made, outbox, sent } = drawing({ storage });
  outbox.resend();
  assert.deepEqual(made.shown.layout.dense_1, [40, 0]);
  assert.equal(sent[0].sequence, 4);
  made.perform('Move 1 node', move(50));
  assert.equal(sent.at(-1).sequence, 5);
  assert.equal(new Outbox({ send: () => {}, storage, key: 'place', tab: 'b' }).waiting.length, 0);
});

test('only what has waited long enough is sent again', () => {
  let now = 0;
  const sent = [];
  const outbox = new Outbox({ send: (message) => sent.push(message.sequence), tab: 'a', now: () => now });
  outbox.post({ tab: 'a', sequence: 1 });
  now = 4000;
  outbox.post({ tab: 'a', sequence: 2 });
  outbox.resend(5000);
  assert.deepEqual(sent, [1, 2]);
  now = 5000;
  outbox.resend(5000);
  assert.deepEqual(sent, [1, 2, 1, 2]);
});

test('what the server confirms as it is shown stays the very same record', () => {
  const { made } = drawing();
  const wire = { source: ['dense_1', 'output'], target: ['add_1', 'inputs', 0] };
  made.perform('Connect', [{ change: 'connect', id: 'wire_1', wire }]);
  const shown = made.shown.wires.wire_1;
  const records = [[['network_1', 'wires', 'wire_1'], structuredClone(wire)]];
  made.takeChanged({ tab: 'a', sequence: 4, revision: 8, records });
  assert.equal(made.shown.wires.wire_1, shown);
  assert.equal(made.confirmed.wires.wire_1, shown);
});
