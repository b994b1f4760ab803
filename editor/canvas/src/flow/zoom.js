// Below this zoom no text can be read: nodes are plain boxes, wires have no labels.
const FAR = 0.4;

export const isFar = (state) => state.transform[2] < FAR;
