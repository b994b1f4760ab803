// Where things are on the screen and in the drawing.
import { NODE_WIDTH } from '../model/ports.js';
import { pointsOf, roomiest } from '../model/wire_points.js';

// How far below a node's top its first port stands, nearly.
const PORT_TOP = 24;

/** Where the pointer is, and what lies there; `root` is the workbench. */
export function placesOf(root, pointer, flow) {
  const stage = () => root.current.querySelector('.stage').getBoundingClientRect();
  const inside = ([x, y]) => {
    const box = stage();
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
  };
  const centre = () => {
    const box = stage();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const cursor = () => (pointer.current && inside(pointer.current) ? pointer.current : centre());
  const toFlow = ([x, y]) => flow().screenToFlowPosition({ x, y });

  /** The wire under a point of the screen, whatever lies on it; null where there is none. */
  const wireAt = ([x, y]) => {
    const line = root.current.getRootNode().elementsFromPoint(x, y)
      .map((element) => element.closest?.('[data-testid^="wire:"]')).find(Boolean);
    return line ? line.dataset.testid.slice('wire:'.length) : null;
  };

  /** The middle of the longest piece of a wire. */
  const middleOf = ({ wires, layout, marks }, wire) => {
    const [[ax, ay], [bx, by]] = [wires[wire].source, wires[wire].target].map(([id]) => layout[id] ?? [0, 0]);
    const points = pointsOf(marks, wire).map(([, x, y]) => [x, y]);
    const [x, y] = roomiest([[ax + NODE_WIDTH, ay + PORT_TOP], ...points, [bx, by + PORT_TOP]]).at;
    return { x, y };
  };

  /** Where a new node covers no other: the middle of the view, else below what stands there. */
  const clear = (layout) => {
    const zoom = flow().getZoom();
    let [x, y] = centre();
    const taken = ([left, top]) => Object.values(layout)
      .some(([a, b]) => Math.abs(a - left) < NODE_WIDTH + 16 && Math.abs(b - top) < 96);
    for (let tries = 0; tries < 12; tries += 1) {
      const at = toFlow([x, y]);
      if (!taken([at.x - NODE_WIDTH / 2, at.y - 24])) break;
      y += 40 * zoom;
    }
    return [x, y];
  };
  return { inside, cursor, toFlow, wireAt, middleOf, clear };
}
