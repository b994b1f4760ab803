// The line of a wire: a curve to the right; where the way leads back, a rounded line between the rows, as text wraps.
import { getBezierPath, getSmoothStepPath } from '@xyflow/react';

const ENOUGH = 12;
const LEVEL = 40;
const OUT = 14;
const ROUND = 10;
// Ports stand nearer to a node's top than to its bottom; by this much the middle between two nodes is lower.
const BELOW = 14;

/** `[path, labelX, labelY]` for React Flow's ends of a wire. */
export function wirePath(ends) {
  const across = ends.targetX - ends.sourceX;
  const level = Math.abs(ends.targetY - ends.sourceY) < LEVEL;
  if (across >= (level ? 0 : ENOUGH)) return getBezierPath(ends);
  const centerY = (ends.sourceY + ends.targetY) / 2 + BELOW;
  return getSmoothStepPath({ ...ends, centerY, offset: OUT, borderRadius: ROUND });
}
