// A drawing scaled down to a few pixels.
import { NODE_WIDTH } from './ports.js';

const NODE_HEIGHT = 76;
const MARGIN = 3;
// More boxes than these cannot be told apart in a picture as small.
const MOST = 120;

const round = (number) => Math.round(number * 10) / 10;

/** Boxes and wires of `{places, wires}` in a picture of that size, in the middle of it. */
export function miniature({ places, wires }, width, height) {
  const shown = Object.entries(places).slice(0, MOST);
  if (!shown.length) return { boxes: [], lines: [] };
  const xs = shown.map(([, [x]]) => x);
  const ys = shown.map(([, [, y]]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left + NODE_WIDTH, Math.max(...ys) - top + NODE_HEIGHT];
  const scale = Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / high, 0.14);
  const [moveX, moveY] = [(width - wide * scale) / 2, (height - high * scale) / 2];
  const at = ([x, y]) => [moveX + (x - left) * scale, moveY + (y - top) * scale];
  const size = { width: round(Math.max(NODE_WIDTH * scale, 2)), height: round(Math.max(NODE_HEIGHT * scale, 2)) };
  const boxes = shown.map(([id, place]) => {
    const [x, y] = at(place);
    return { id, x: round(x), y: round(y), ...size };
  });
  const known = new Map(boxes.map((box) => [box.id, box]));
  const lines = wires.filter(([from, to]) => known.has(from) && known.has(to)).map(([from, to]) => {
    const [source, target] = [known.get(from), known.get(to)];
    const middle = size.height / 2;
    return [from, to, `M${round(source.x + size.width)} ${round(source.y + middle)}L${target.x} ${round(target.y + middle)}`];
  });
  return { boxes, lines };
}
