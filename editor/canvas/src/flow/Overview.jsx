import { MiniMap, useStore } from '@xyflow/react';
import { useMemo } from 'react';
import { useStoreOf } from '../context.js';
import { familyClass } from '../model/kinds.js';

const SLACK = 8;

/** Where all nodes are, reckoned anew only when one moves. */
function extentReader() {
  let [seen, extent] = [null, null];
  return (nodes) => {
    if (nodes !== seen) {
      seen = nodes;
      extent = [Infinity, Infinity, -Infinity, -Infinity];
      for (const { position: { x, y }, width, height } of nodes) {
        extent = [Math.min(extent[0], x), Math.min(extent[1], y), Math.max(extent[2], x + width), Math.max(extent[3], y + height)];
      }
    }
    return extent;
  };
}

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
