// Ten thousand edits leave nothing behind in the browser's own model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { flowWires, flowNodes } from '../../editor/canvas/src/model/flow_records.js';
import { CanvasStore } from '../../editor/canvas/src/model/store.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const [EDITS, FULL, MOST_GROWTH] = [10_000, 2_000, 2 * 1024 * 1024];

test('ten thousand edits and undos take no more memory than the first', (context) => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const sent = [];
  const store = new CanvasStore({ place: 'place', tab: 'a', storage, send: (message) => sent.push(message) });
  context.after(() => store.close());
  const ids = Array.from({ length: 50 }, (_, index) => `node_${index}`);
  const nodes = Object.fromEntries(ids.map((id) => [id, { kind: 'Dense', params: {}, label: '', muted: false, shares: null }]));
  const wires = Object.fromEntries(ids.slice(1).map((id, index) => [`w_${id}`, { source: [ids[index], 'output'], target: [id, 'inputs', 0] }]));
  const layout = Object.fromEntries(ids.map((id) => [id, [0, 0]]));
  store.receive({ type: 'snapshot', cell: { id: 'net', name: 'net', nodes, wires, layout, marks: {} }, revision: 1 });
  let [flow, edges, before] = [[], [], 0];
  for (let edit = 0; edit < EDITS; edit += 1) {
    if (edit === FULL) {
      collect();
      before = process.memoryUsage().heapUsed;
    }
    const id = ids[(edit * 7) % ids.length];
    if (edit % 3) store.perform('Set', [{ change: 'set-parameter', node: id, parameter: 'units', value: edit }]);
    else store.drawing.request({ type: 'undo' });
    const { sequence } = sent.pop();
    const record = { ...nodes[id], params: { units: edit } };
    store.receive([
      { type: 'changed', tab: 'a', sequence, revision: edit + 2, records: [[['net', 'nodes', id], record]] },
      { type: 'status', nodes: { [id]: { shapes: { output: [null, edit] } } } },
      { type: 'history', undo: `Set ${edit}`, redo: null },
    ]);
    flow = flowNodes(flow, store.drawing.records(), {}, (node) => store.status.get(node));
    edges = flowWires(edges, store.drawing.records());
  }
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  assert.equal(store.outbox.waiting.length + store.outbox.sent.size + kept.size, 0);
  assert.equal(store.status.values.size, ids.length);
  assert.equal(flow.length + edges.length, 2 * ids.length - 1);
  assert.ok(grown < MOST_GROWTH, `${Math.round(grown / 1024)} KiB more`);
});

test('what a snapshot acknowledges is forgotten as sent too', () => {
  const store = new CanvasStore({ place: 'place', tab: 'a', storage: null, send: () => {} });
  store.perform('First', [{ change: 'move-nodes', positions: {} }]);
  const cell = { id: 'net', name: 'net', nodes: {}, wires: {}, layout: {} };
  store.receive({ type: 'snapshot', cell, revision: 1, unacknowledged_ok: 1 });
  assert.equal(store.outbox.sent.size, 0);
});
