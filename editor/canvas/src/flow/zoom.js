// Below these zooms nodes are plain boxes, and wires have no labels: nobody could read them.
const FAR = 0.4;
const LABELS = 0.5;

export const isFar = (state) => state.transform[2] < FAR;
export const showsLabels = (state) => state.transform[2] >= LABELS;
