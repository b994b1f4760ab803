// Bringing nodes into line. Boxes are `{id: [left, top, width, height]}`; the answers are places `{id: [left, top]}`.

const SIDES = {
  left: (box, all) => [all[0], box[1]],
  right: (box, all) => [all[2] - box[2], box[1]],
  top: (box, all) => [box[0], all[1]],
  bottom: (box, all) => [box[0], all[3] - box[3]],
  centre: (box, all) => [(all[0] + all[2] - box[2]) / 2, box[1]],
  middle: (box, all) => [box[0], (all[1] + all[3] - box[3]) / 2],
};

function extent(boxes) {
  const all = Object.values(boxes);
  const far = (pick, of) => pick(...all.map(of));
  return [far(Math.min, (b) => b[0]), far(Math.min, (b) => b[1]), far(Math.max, (b) => b[0] + b[2]), far(Math.max, (b) => b[1] + b[3])];
}

/** `side` is left, right, top or bottom, centre (of the width) or middle (of the height). */
export function aligned(boxes, side) {
  const all = extent(boxes);
  return Object.fromEntries(Object.entries(boxes).map(([id, box]) => [id, SIDES[side](box, all)]));
}

/** Equal gaps between the first and the last box; `axis` is 0 (across) or 1 (down). */
export function distributed(boxes, axis) {
  const order = Object.entries(boxes).sort(([, one], [, other]) => one[axis] - other[axis]);
  const [first, last] = [order[0][1], order.at(-1)[1]];
  const sizes = order.reduce((sum, [, box]) => sum + box[axis + 2], 0);
  const gap = (last[axis] + last[axis + 2] - first[axis] - sizes) / (order.length - 1);
  let next = first[axis];
  return Object.fromEntries(order.map(([id, box]) => {
    const place = [box[0], box[1]];
    place[axis] = next;
    next += box[axis + 2] + gap;
    return [id, place];
  }));
}
