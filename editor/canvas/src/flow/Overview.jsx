import { MiniMap, useStore } from '@xyflow/react';
import { useMemo } from 'react';
import { useStoreOf } from '../context.js';
import { familyClass } from '../model/kinds.js';
import { extentReader } from './extent.js';

const SLACK = 8;

/** The map of the network, as long as a part of it is out of view: else it would only hide nodes. */
export function Overview({ covered }) {
  const store = useStoreOf();
  const needed = useStore(useMemo(() => {
    const read = extentReader();
    return ({ nodes, transform: [x, y, zoom], width, height }) => {
      const [left, top, right, bottom] = read(nodes);
      return left * zoom + x < -SLACK || top * zoom + y < -SLACK
        || right * zoom + x > width + SLACK || bottom * zoom + y > height - covered + SLACK;
    };
  }, [covered]));
  if (!needed) return null;
  return (
    <MiniMap pannable zoomable nodeClassName={(node) => (node.type === 'network' ? `family-${familyClass(store.kind(node.data.record.kind))}` : 'mark')}
      nodeBorderRadius={16} ariaLabel="Overview" />
  );
}
