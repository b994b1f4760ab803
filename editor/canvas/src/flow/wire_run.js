// At which height a wire runs that cannot go straight from port to port: one that leads back, or past other nodes.
const ENOUGH = 12;
const LEVEL = 40;
export const OUT = 14;
const CLEAR = 16;
const ABOVE = 42;
// Ports stand nearer to a node's top than to its bottom; by this much the middle between two nodes is lower.
const BELOW = 14;
// The longer a way round, the further out it runs, so that one within another can be told apart.
const LONGER = 160;
const MOST_LONGER = 10;
const SAMPLES = 16;

/** The height nearest to `wanted` where a line from `left` to `right` touches no box `[left, top, right, bottom]`. */
export function clearHeight(wanted, left, right, boxes, clear = CLEAR) {
  const taken = boxes.filter((box) => box[2] > left && box[0] < right)
    .map(([, top, , bottom]) => [top - clear, bottom + clear]).sort((a, b) => a[0] - b[0]);
  let [from, to] = [-Infinity, -Infinity];
  for (const [top, bottom] of taken) {
    if (top >= to) {
      if (from < wanted && wanted < to) break;
      from = top;
    }
    to = Math.max(to, bottom);
  }
  if (!(from < wanted && wanted < to)) return wanted;
  return wanted - from <= to - wanted ? from : to;
}

/** Whether the curve from port to port is covered by a box on its way. */
function covered({ sourceX, sourceY, targetX, targetY }, boxes) {
  const near = boxes.filter(([left, top, right, bottom]) => right > sourceX && left < targetX
    && bottom > Math.min(sourceY, targetY) && top < Math.max(sourceY, targetY));
  if (!near.length) return false;
  const middle = (sourceX + targetX) / 2;
  for (let step = 1; step < SAMPLES; step += 1) {
    const t = step / SAMPLES;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
    const [x, y] = [a * sourceX + (b + c) * middle + d * targetX, (a + b) * sourceY + (c + d) * targetY];
    if (near.some(([left, top, right, bottom]) => x > left && x < right && y > top && y < bottom)) return true;
  }
  return false;
}

/** The height of the level part of a wire, or null for a plain curve. `targetTop` is where the node that it feeds begins. */
export function wireRun(ends, targetTop, boxes) {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const across = targetX - sourceX;
  const down = targetY - sourceY;
  const back = across < (Math.abs(down) < LEVEL ? 0 : ENOUGH);
  if (!back && !covered(ends, boxes)) return null;
  const middle = sourceY + down / 2;
  if (back) {
    const wanted = down < LEVEL ? middle + BELOW : Math.max(middle + BELOW, targetTop - ABOVE);
    return clearHeight(wanted, targetX - OUT, sourceX + OUT, boxes);
  }
  const wanted = down < 2 * LEVEL ? middle : Math.max(middle, targetTop - ABOVE);
  return clearHeight(wanted, sourceX + OUT, targetX - OUT, boxes, CLEAR + Math.min(MOST_LONGER, across / LONGER));
}
