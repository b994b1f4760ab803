import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CanvasStore } from '../../editor/canvas/src/model/store.js';

const CELL = { id: 'network_1', name: 'classifier', nodes: {}, wires: {}, layout: {} };

test('a page that comes back tells which edits it has no answer to, and shows why one was refused', (context) => {
  const sent = [];
  const store = new CanvasStore({ place: 'place', tab: 'a', storage: null, send: (message) => sent.push(message) });
  context.after(() => store.close());
  store.receive({ type: 'snapshot', cell: CELL, revision: 1, unacknowledged_ok: 3 });
  store.perform('First', [{ change: 'move-nodes', positions: {} }]);
  store.perform('Second', [{ change: 'move-nodes', positions: {} }]);
  store.open();
  assert.deepEqual(sent.at(-1).waiting, [4, 5]);
  store.receive([
    { type: 'refused', tab: 'a', sequence: 4, reason: 'this would be a circle', records: [], revision: 2 },
    { type: 'snapshot', cell: CELL, revision: 2, unacknowledged_ok: 5 },
  ]);
  assert.equal(store.notice.get().text, 'this would be a circle');
  assert.equal(store.waiting.get(), 0);
});

test('a page without memory goes on with numbers that the server has not answered', () => {
  const sent = [];
  const store = new CanvasStore({ place: 'place', tab: 'a', storage: null, send: (message) => sent.push(message) });
  store.receive({ type: 'snapshot', cell: CELL, revision: 1, unacknowledged_ok: 3, numbered: 8 });
  store.perform('Next', [{ change: 'move-nodes', positions: {} }]);
  assert.equal(sent.at(-1).sequence, 9);
});
