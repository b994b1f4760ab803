// Gestures that move the view and change nothing.
import { NODE_WIDTH } from '../model/ports.js';
import { fitting } from '../flow/zoom.js';

const GLIDE_MS = 300;
const ABOUT_HIGH = 100;
const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const duration = () => (calm() ? 0 : 200);

export function viewing({ store, now, root }) {
  const fit = () => now().flow.fitView({ ...fitting(now().covered), duration: duration() });
  return {
    fit,
    savePicture: () => {
      const dark = getComputedStyle(root.current).colorScheme === 'dark';
      store.send({ type: 'picture', mode: dark ? 'dark' : 'light' });
    },
    zoomIn: () => now().flow.zoomIn({ duration: duration() }),
    zoomOut: () => now().flow.zoomOut({ duration: duration() }),
    fitSelection: () => {
      const nodes = now().state.selected.map((id) => ({ id }));
      now().flow.fitView({ ...fitting(now().covered), ...(nodes.length && { nodes }), duration: duration() });
    },
    fitWhenMoved: () => {
      const stop = store.drawing.subscribe(() => {
        if (store.outbox.waiting.length) return;
        stop();
        requestAnimationFrame(fit);
      });
    },
    /** Nodes that move next glide to their places. */
    glide: () => {
      if (calm()) return;
      root.current.toggleAttribute('data-gliding', true);
      const end = () => setTimeout(() => root.current?.toggleAttribute('data-gliding', false), GLIDE_MS);
      const stop = store.drawing.subscribe(() => {
        if (store.outbox.waiting.length) return;
        stop();
        end();
      });
    },
    /** Selects nodes; the view stays where it is unless the first of them is outside. */
    show: (ids) => {
      now().state.select(ids);
      const place = store.drawing.records().layout[ids[0]];
      const box = root.current.querySelector('.react-flow').getBoundingClientRect();
      if (!place) return;
      const { x, y, zoom } = now().flow.getViewport();
      const [left, top] = [place[0] * zoom + x, place[1] * zoom + y];
      const [width, height] = [NODE_WIDTH * zoom, ABOUT_HIGH * zoom];
      if (left >= 0 && top >= 0 && left + width <= box.width && top + height <= box.height - now().covered) return;
      now().flow.setCenter(place[0] + NODE_WIDTH / 2, place[1] + ABOUT_HIGH / 2, { zoom, duration: duration() });
    },
    focus: (id) => {
      const node = now().flow.getNode(id);
      if (!node) return;
      now().state.select([id]);
      const zoom = Math.max(now().flow.getZoom(), 0.8);
      now().flow.setCenter(node.position.x + NODE_WIDTH / 2, node.position.y + node.height / 2, { zoom, duration: duration() });
    },
  };
}
