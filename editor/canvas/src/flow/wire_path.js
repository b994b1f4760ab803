// The line of a wire: a curve to the right; where the way leads back or past other nodes, a rounded line between the rows.
import { getBezierPath } from '@xyflow/react';
import { OUT } from './wire_run.js';

const ROUND = 10;
// How much of the way between two points the curve keeps to the direction in which it passes them.
const TENSION = 0.28;

/** A line through points, of level and upright pieces, its corners rounded. */
export function roundedLine(points) {
  const parts = [`M${points[0].join(' ')}`];
  for (let index = 1; index < points.length - 1; index += 1) {
    const [[ax, ay], [x, y], [bx, by]] = points.slice(index - 1, index + 2);
    const [before, after] = [Math.hypot(x - ax, y - ay), Math.hypot(bx - x, by - y)];
    const round = Math.min(ROUND, before / 2, after / 2);
    if (!round) continue;
    const towards = (px, py, length) => `${x + ((px - x) * round) / length} ${y + ((py - y) * round) / length}`;
    parts.push(`L${towards(ax, ay, before)}Q${x} ${y} ${towards(bx, by, after)}`);
  }
  return `${parts.join('')}L${points.at(-1).join(' ')}`;
}

/** A curve through points, which leaves to the right and arrives from the left; also the middle of each of its pieces. */
export function pathThrough(start, points, end) {
  const stops = [start, ...points, end];
  const passing = stops.map((_, index) => {
    if (!index || index === stops.length - 1) return [1, 0];
    const [across, down] = [stops[index + 1][0] - stops[index - 1][0], stops[index + 1][1] - stops[index - 1][1]];
    const length = Math.hypot(across, down) || 1;
    return [across / length, down / length];
  });
  const middles = [];
  const pieces = stops.slice(1).map(([x, y], index) => {
    const [ax, ay] = stops[index];
    const reach = TENSION * Math.hypot(x - ax, y - ay);
    const [[leaveX, leaveY], [arriveX, arriveY]] = [passing[index], passing[index + 1]];
    const [bx, by, cx, cy] = [ax + leaveX * reach, ay + leaveY * reach, x - arriveX * reach, y - arriveY * reach];
    middles.push([(ax + 3 * bx + 3 * cx + x) / 8, (ay + 3 * by + 3 * cy + y) / 8]);
    return `C${bx} ${by} ${cx} ${cy} ${x} ${y}`;
  });
  return { path: `M${start.join(' ')}${pieces.join('')}`, middles };
}

/**
 * `[path, labelX, labelY, middles]` for React Flow's ends of a wire; `run` is the height of its level part, if it has one;
 * `points` are those that it is led through, and `middles` those of its pieces.
 */
export function wirePath(ends, run, points = []) {
  const { sourceX, sourceY, targetX, targetY } = ends;
  if (points.length) {
    const { path, middles } = pathThrough([sourceX, sourceY], points, [targetX, targetY]);
    return [path, ...middles[Math.floor(middles.length / 2)], middles];
  }
  if (run === null) {
    const [path, x, y] = getBezierPath(ends);
    return [path, x, y, [[x, y]]];
  }
  const [from, to] = [sourceX + OUT, targetX - OUT];
  const path = roundedLine([[sourceX, sourceY], [from, sourceY], [from, run], [to, run], [to, targetY], [targetX, targetY]]);
  return [path, (from + to) / 2, run, [[(from + to) / 2, run]]];
}
