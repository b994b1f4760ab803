// The line of a wire: a curve to the right; where the way leads back or past other nodes, a rounded line between the rows.
import { getBezierPath } from '@xyflow/react';
import { OUT } from './wire_run.js';

const ROUND = 10;

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

/** A curve through a point on the way. */
function bentPath({ sourceX, sourceY, targetX, targetY }, [x, y]) {
  const [out, back] = [Math.max(40, Math.abs(x - sourceX) / 2), Math.max(40, Math.abs(targetX - x) / 2)];
  const slope = 0.25 * Math.sign(targetX - sourceX || 1);
  const path = `M${sourceX} ${sourceY}C${sourceX + out} ${sourceY} ${x - slope * out} ${y} ${x} ${y}S${targetX - back} ${targetY} ${targetX} ${targetY}`;
  return [path, x, y];
}

/**
 * `[path, labelX, labelY]` for React Flow's ends of a wire; `run` is the height of its level part, if it has one;
 * `bend` the point through which the user leads it.
 */
export function wirePath(ends, run, bend = null) {
  if (bend) return bentPath(ends, bend);
  if (run === null) return getBezierPath(ends);
  const { sourceX, sourceY, targetX, targetY } = ends;
  const [from, to] = [sourceX + OUT, targetX - OUT];
  const path = roundedLine([[sourceX, sourceY], [from, sourceY], [from, run], [to, run], [to, targetY], [targetX, targetY]]);
  return [path, (from + to) / 2, run];
}
