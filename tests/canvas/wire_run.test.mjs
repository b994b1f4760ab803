import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearHeight, wireRun } from '../../editor/canvas/src/flow/wire_run.js';

const WIDTH = 224;
const HEIGHT = 76;
const PORT = 24;
const box = ([x, y]) => [x, y, x + WIDTH, y + HEIGHT];

function run(source, target, others = []) {
  const ends = { sourceX: source[0] + WIDTH, sourceY: source[1] + PORT, targetX: target[0], targetY: target[1] + PORT };
  return wireRun(ends, target[1], [source, target, ...others].map(box));
}

test('a wire to the right with nothing in its way is a plain curve', () => {
  assert.equal(run([0, 0], [320, 0]), null);
  assert.equal(run([0, 0], [960, 0]), null);
  assert.equal(run([0, 0], [320, 400], [[0, 144]]), null);
});

test('a wire past a row of nodes runs above them, further out the longer it is', () => {
  const row = [[320, 0], [640, 0], [960, 0]];
  const [short, long] = [run([0, 0], [640, 0], row.slice(0, 1)), run([0, 0], [1280, 0], row)];
  assert.ok(short < 0 && long < short);
  assert.ok(long > -40);
});

test('a wire back to the beginning of the next row runs between the rows', () => {
  const rows = [[0, 0], [320, 0], [320, 144], [640, 144]];
  const height = run([640, 0], [0, 144], rows);
  assert.ok(height > HEIGHT && height < 144);
});

test('a wire back over several rows touches none of them', () => {
  const rows = [0, 1, 2, 3].flatMap((row) => [0, 1, 2].map((column) => [column * 320, row * 160]));
  const height = run([640, 0], [0, 480], rows);
  assert.ok(rows.map(box).every(([, top, , bottom]) => height < top || height > bottom));
});

test('a wire back within its row goes round the nodes', () => {
  const height = run([640, 0], [0, 0], [[320, 0]]);
  assert.ok(height < 0 || height > HEIGHT);
});

test('the nearest free height is found, between two boxes only where there is room for a line', () => {
  const boxes = [[0, 0, 100, 50], [0, 100, 100, 150]];
  assert.equal(clearHeight(300, 0, 100, boxes), 300);
  assert.equal(clearHeight(45, 0, 100, boxes, 10), 60);
  assert.equal(clearHeight(110, 0, 100, boxes, 10), 90);
  assert.equal(clearHeight(60, 0, 100, boxes, 30), -30);
  assert.equal(clearHeight(25, 200, 300, boxes), 25);
});
