import { useMemo } from 'react';
import { useStore } from '@xyflow/react';
import { POINT } from '../model/wire_points.js';

/** Where the points of a wire are on screen, also while one is in the hand: `[[x, y], …]`. */
export function useWirePoints(points) {
  const read = useMemo(() => ({ nodeLookup }) => points.map(([id, x, y]) => {
    const there = nodeLookup.get(id)?.internals.positionAbsolute;
    return there ? `${there.x + POINT / 2},${there.y + POINT / 2}` : `${x},${y}`;
  }).join(' '), [points]);
  const text = useStore(read);
  return useMemo(() => (text ? text.split(' ').map((pair) => pair.split(',').map(Number)) : []), [text]);
}
