// The map of the network: all nodes, each a box in its family's colour, as few paths.

const MARGIN = 4;
// Of a node that would be narrower than this nothing could be seen.
const LEAST = 1;

/**
 * `{scale, left, top, paths}` for an extent `[left, top, right, bottom]`: a place of the drawing is at `(x - left) * scale` on
 * the map; `paths` are `[class name, path]`, one for each class that `classOf` names.
 */
export function overviewMap(nodes, [left, top, right, bottom], classOf, width, height) {
  const scale = Math.min((width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (bottom - top));
  const [restX, restY] = [(width / scale - (right - left)) / 2, (height / scale - (bottom - top)) / 2];
  const map = { scale, left: left - restX, top: top - restY };
  const tenth = (value) => Math.round(value * 10) / 10;
  const paths = new Map();
  for (const node of nodes) {
    const name = classOf(node);
    const [x, y] = [tenth((node.position.x - map.left) * scale), tenth((node.position.y - map.top) * scale)];
    const [across, down] = [node.width, node.height].map((side) => Math.max(LEAST, tenth(side * scale)));
    if (!paths.has(name)) paths.set(name, []);
    paths.get(name).push(`M${x} ${y}h${across}v${down}h${-across}z`);
  }
  return { ...map, paths: [...paths].map(([name, boxes]) => [name, boxes.join('')]) };
}

/** A reader of the map that keeps it as it is while a node is in the hand: drawing thousands anew would make it stutter. */
export function mapReader(extentOf, classOf, width, height) {
  let [seen, map] = [null, null];
  return (nodes) => {
    if (nodes !== seen && !(map && nodes.some(({ dragging }) => dragging))) {
      seen = nodes;
      map = overviewMap(nodes, extentOf(nodes), classOf, width, height);
    }
    return map;
  };
}
