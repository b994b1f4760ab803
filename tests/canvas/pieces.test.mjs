import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChange } from '../../editor/canvas/src/model/apply_change.js';
import { pieceChanges, pieceText, readPiece } from '../../editor/canvas/src/model/pieces.js';

const node = (kind, shares = null) => ({ kind, params: {}, label: '', muted: false, shares });
const RECORDS = {
  nodes: { b: node('Dense', 'a'), a: node('Dense'), c: node('Add') },
  wires: { w: { source: ['a', 'output'], target: ['c', 'inputs', 1] }, v: { source: ['c', 'output'], target: ['b', 'inputs', 0] } },
  layout: { a: [0, 0], b: [10, 0], c: [20, 0] },
};

test('a copy has fresh ids, the wires between its nodes, and stands beside', () => {
  const { changes, ids } = pieceChanges(readPiece(pieceText(RECORDS, ['a', 'c'])), RECORDS, [32, 32]);
  const after = changes.reduce((records, change) => applyChange(records, change), RECORDS);
  assert.equal(Object.keys(after.nodes).length, 5);
  assert.match(ids[0], /^dense_[0-9a-hjkmnp-tv-z]{4}$/);
  const [dense, add] = ids;
  assert.deepEqual(Object.values(after.wires).at(-1), { source: [dense, 'output'], target: [add, 'inputs', 1] });
  assert.deepEqual(after.layout[add], [52, 32]);
});

test('shared weights are those of the copy where its owner was copied, else of the original', () => {
  const sharesOf = (ids) => pieceChanges(readPiece(pieceText(RECORDS, ids)), RECORDS, [0, 0]);
  const both = sharesOf(['a', 'b']);
  assert.deepEqual(both.changes.map((change) => change.node.shares), [null, both.changes[0].id]);
  assert.equal(sharesOf(['b']).changes[0].node.shares, 'a');
});

test('text that is not ours is no piece', () => {
  for (const text of ['hello', '{}', '[1]', 'null', '{"type":"weftwork/nodes"}', '{"type":"weftwork/nodes","nodes":1}']) {
    assert.equal(readPiece(text), null, text);
  }
});

test('a frame and a note are copied as nodes are', () => {
  const note = { kind: 'note', x: 5, y: 6, width: 90, height: 40, text: 'here', colour: 'grey' };
  const marked = { ...RECORDS, marks: { note_1: note, note_2: note } };
  const { changes, ids } = pieceChanges(readPiece(pieceText(marked, ['a', 'note_1'])), marked, [10, 20]);
  assert.deepEqual(changes.map(({ change }) => change), ['add-node', 'put-mark']);
  assert.deepEqual(changes[1].mark, { ...note, x: 15, y: 26 });
  assert.deepEqual(ids, changes.map(({ id }) => id));
});
