import { memo, useMemo } from 'react';
import { useStore } from '@xyflow/react';
import { extentReader } from './extent.js';
import { OverviewMap } from './OverviewMap.jsx';

const SLACK = 8;

/** The map of the network, as long as a part of it is out of view: else it would only hide nodes. */
export const Overview = memo(function Overview({ covered }) {
  const needed = useStore(useMemo(() => {
    const read = extentReader();
    return ({ nodes, transform: [x, y, zoom], width, height }) => {
      const [left, top, right, bottom] = read(nodes);
      return left * zoom + x < -SLACK || top * zoom + y < -SLACK
        || right * zoom + x > width + SLACK || bottom * zoom + y > height - covered + SLACK;
    };
  }, [covered]));
  return needed ? <OverviewMap /> : null;
});
