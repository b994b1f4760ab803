import { useMemo } from 'react';
import { useStore } from '@xyflow/react';
import { wireRun } from './wire_run.js';

const boxes = new WeakMap();

function boxesOf(nodes) {
  let known = boxes.get(nodes);
  if (!known) {
    // A wire does not dodge a node in the hand: one could not drop it there.
    known = nodes.filter(({ dragging, type }) => type === 'network' && !dragging).map(({ position: { x, y }, width, height }) => [x, y, x + width, y + height]);
    boxes.set(nodes, known);
  }
  return known;
}

/** The height of a wire's level part, as long as it needs one; reckoned anew only when nodes move. */
export function useWireRun(target, sourceX, sourceY, targetX, targetY) {
  const select = useMemo(() => {
    let [seen, run] = [null, null];
    return ({ nodes, nodeLookup }) => {
      if (nodes !== seen) {
        seen = nodes;
        run = wireRun({ sourceX, sourceY, targetX, targetY }, nodeLookup.get(target)?.position.y ?? targetY, boxesOf(nodes));
      }
      return run;
    };
  }, [target, sourceX, sourceY, targetX, targetY]);
  return useStore(select);
}
