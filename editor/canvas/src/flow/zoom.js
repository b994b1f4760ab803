// Below these zooms nodes are plain boxes, and wires have no labels: nobody could read them.
const FAR = 0.4;
const LABELS = 0.5;

export const isFar = (state) => state.transform[2] < FAR;
export const showsLabels = (state) => state.transform[2] >= LABELS;

// Of a network that fits at more than this, nobody needs to see less.
const LEAST = 0.08;
const ROOM = 0.7;

/** How far out one may zoom: until all of the network, `[left, top, right, bottom]`, has room in a view of that size. */
export function leastZoom([left, top, right, bottom], width, height) {
  const fits = Math.min(width / (right - left), height / (bottom - top)) * ROOM;
  return fits > 0 && fits < LEAST ? fits : LEAST;
}

const MARGIN = 0.1;
const BELOW = 24;

/** How all of a network comes into view; the lowest `covered` pixels of the drawing lie under the problems. */
export const fitting = (covered) => ({
  padding: covered ? { x: MARGIN, top: MARGIN, bottom: `${covered + BELOW}px` } : MARGIN,
  maxZoom: 1,
});
