// Below these zooms nodes are plain boxes, and wires have no labels: nobody could read them.
const FAR = 0.4;
const LABELS = 0.5;

export const isFar = (state) => state.transform[2] < FAR;
export const showsLabels = (state) => state.transform[2] >= LABELS;

const MARGIN = 0.1;
const BELOW = 24;

/** How all of a network comes into view; the lowest `covered` pixels of the drawing lie under the problems. */
export const fitting = (covered) => ({
  padding: covered ? { x: MARGIN, top: MARGIN, bottom: `${covered + BELOW}px` } : MARGIN,
  maxZoom: 1,
});
