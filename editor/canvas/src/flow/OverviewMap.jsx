import { useMemo, useRef } from 'react';
import { Panel, useReactFlow, useStore } from '@xyflow/react';
import { useStoreOf } from '../context.js';
import { familyClass } from '../model/kinds.js';
import { mapReader } from '../model/overview_map.js';
import { extentReader } from './extent.js';
import { MapNodes } from './MapNodes.jsx';
import { useMapZoom } from './use_map_zoom.js';

const WIDTH = 144;
const HEIGHT = 96;

const viewOf = ({ transform: [x, y, zoom], width, height }) => `${-x / zoom} ${-y / zoom} ${width / zoom} ${height / zoom}`;

/**
 * All nodes small, with a window on what is in view: drag it, press where to look, zoom with the wheel. React Flow's own map is
 * an element and a listener for each node, painted anew whenever the view moves.
 */
export function OverviewMap() {
  const store = useStoreOf();
  const flow = useReactFlow();
  const grip = useRef(null);
  const box = useMapZoom(flow);
  const { scale, left, top, paths } = useStore(useMemo(() => {
    const classOf = ({ type, selected, data }) => {
      if (selected) return 'selected';
      return type === 'network' ? `family-${familyClass(store.kind(data.record.kind))}` : 'mark';
    };
    const read = mapReader(extentReader(), classOf, WIDTH, HEIGHT);
    return ({ nodes }) => read(nodes);
  }, [store]));
  const [x, y, across, down] = useStore(viewOf).split(' ').map(Number);
  const [windowX, windowY, windowWidth, windowHeight] = [(x - left) * scale, (y - top) * scale, across * scale, down * scale];

  const look = ({ clientX, clientY }) => {
    const map = box.current.getBoundingClientRect();
    const [mapX, mapY] = [clientX - map.left - grip.current[0], clientY - map.top - grip.current[1]];
    flow.setCenter(mapX / scale + left, mapY / scale + top, { zoom: flow.getZoom() });
  };
  const take = (event) => {
    const map = box.current.getBoundingClientRect();
    const [mapX, mapY] = [event.clientX - map.left, event.clientY - map.top];
    const inside = mapX > windowX && mapX < windowX + windowWidth && mapY > windowY && mapY < windowY + windowHeight;
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = inside ? [mapX - windowX - windowWidth / 2, mapY - windowY - windowHeight / 2] : [0, 0];
    if (!inside) look(event);
  };
  return (
    <Panel position="bottom-right" className="react-flow__minimap" data-testid="rf__minimap">
      <div
        ref={box} className="map" role="img" aria-label="Overview" onPointerDown={take} onPointerMove={(event) => grip.current && look(event)}
        onPointerUp={() => { grip.current = null; }} onPointerCancel={() => { grip.current = null; }}
      >
        <MapNodes paths={paths} width={WIDTH} height={HEIGHT} />
        <div className="map-window" style={{ width: windowWidth, height: windowHeight, transform: `translate(${windowX}px, ${windowY}px)` }} />
      </div>
    </Panel>
  );
}
