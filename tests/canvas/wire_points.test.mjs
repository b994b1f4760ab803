// The points that wires are led through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChange } from '../../editor/canvas/src/model/apply_change.js';
import { flowWires } from '../../editor/canvas/src/model/flow_records.js';
import { flowMarks } from '../../editor/canvas/src/model/marks.js';
import { pieceChanges, pieceText, readPiece } from '../../editor/canvas/src/model/pieces.js';
import { moving, removal } from '../../editor/canvas/src/model/selection.js';
import { handedOn, leadChange, pieceAt, pointsByWire, roomiest } from '../../editor/canvas/src/model/wire_points.js';

const point = (x, y, order, wire = 'w') => ({ kind: 'point', x: x - 6, y: y - 6, width: 12, height: 12, wire, order });
const records = {
  nodes: { a: { kind: 'Dense', params: {}, label: '' }, b: { kind: 'Dense', params: {}, label: '' } },
  wires: { w: { source: ['a', 'output'], target: ['b', 'inputs', 0] } },
  layout: { a: [0, 0], b: [400, 0] },
  marks: { late: point(300, 90, 2), early: point(100, 80, 1), note: { kind: 'note', x: 0, y: 0, width: 9, height: 9, text: '' } },
};

test('points of a wire go from its source to its target', () => {
  assert.deepEqual(pointsByWire(records.marks), { w: [['early', 100, 80], ['late', 300, 90]] });
});

test('a new point goes between those that it was put between', () => {
  const after = (index, at) => {
    const change = leadChange(records.marks, 'w', index, at);
    return pointsByWire(applyChange(records, change).marks).w.map(([, x, y]) => [x, y]);
  };
  assert.deepEqual(after(0, [50, 10]), [[50, 10], [100, 80], [300, 90]]);
  assert.deepEqual(after(1, [200, 99]), [[100, 80], [200, 99], [300, 90]]);
  assert.deepEqual(after(2, [350, 40]), [[100, 80], [300, 90], [350, 40]]);
  assert.equal(leadChange({}, 'other', 0, [5, 5]).mark.order, 0);
});

test('a point on the screen belongs to the piece that it makes least longer', () => {
  const stops = [[0, 0], [100, 80], [300, 90], [400, 0]];
  assert.deepEqual([[40, 35], [210, 70], [380, 30]].map((at) => pieceAt(stops, at)), [0, 1, 2]);
  assert.deepEqual(roomiest(stops), { index: 1, at: [200, 85] });
});

test('with a wire go its points, and only they', () => {
  for (const change of [{ change: 'disconnect', wire: 'w' }, { change: 'remove-node', node: 'b' }]) {
    assert.deepEqual(Object.keys(applyChange(records, change).marks), ['note']);
  }
});

test('an heir of a wire is led through the same points', () => {
  const changes = handedOn(records.marks, 'w', 'heir');
  assert.deepEqual(changes.map(({ id, mark }) => [id, mark.wire, mark.order]), [['early', 'heir', 1], ['late', 'heir', 2]]);
});

test('points are moved and deleted as what they are', () => {
  assert.deepEqual(moving(records, { early: [10, 20] }), {
    label: 'Move 1 point', changes: [{ change: 'put-mark', id: 'early', mark: { ...records.marks.early, x: 10, y: 20 } }],
  });
  assert.equal(removal(records, [], [], ['early', 'late']).label, 'Delete 2 points');
  assert.equal(removal(records, [], [], ['early', 'note']).label, 'Delete 2 marks');
  // With the node goes the wire and with it the point: what is chosen of them must be named before.
  assert.deepEqual(removal(records, ['a'], [], ['early']).changes.map(({ change }) => change), ['remove-mark', 'remove-node']);
});

test('a copied wire brings its points', () => {
  const piece = readPiece(pieceText(records, ['a', 'b']));
  const { changes } = pieceChanges(piece, records, [10, 20]);
  const after = changes.reduce((now, change) => applyChange(now, change), records);
  const [, copy] = Object.keys(after.wires);
  assert.deepEqual(pointsByWire(after.marks)[copy].map(([, x, y]) => [x, y]), [[110, 100], [310, 110]]);
  assert.deepEqual(Object.keys(readPiece(pieceText(records, ['a'])).marks ?? {}), []);
});

test('a wire is drawn anew only when a point of it has moved', () => {
  const before = flowWires([], records);
  const elsewhere = { ...records, marks: { ...records.marks, note: { ...records.marks.note, x: 5 } } };
  assert.equal(flowWires(before, elsewhere)[0], before[0]);
  const moved = { ...records, marks: { ...records.marks, early: point(1, 2, 1) } };
  assert.notEqual(flowWires(before, moved)[0], before[0]);
  assert.equal(flowMarks([], records.marks).find(({ id }) => id === 'early').type, 'point');
});
