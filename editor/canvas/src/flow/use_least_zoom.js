import { useMemo } from 'react';
import { useStore } from '@xyflow/react';
import { extentReader } from './extent.js';
import { leastZoom } from './zoom.js';

const size = (state) => `${state.width} ${state.height}`;

/** How far out one may zoom, so that however large the network is all of it can be seen. */
export function useLeastZoom(nodes) {
  const read = useMemo(extentReader, []);
  const [width, height] = useStore(size).split(' ').map(Number);
  return leastZoom(read(nodes), width, height);
}
