// Where all nodes are, reckoned anew only when one moves.

/** A reader of `[left, top, right, bottom]` of all nodes. */
export function extentReader() {
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
