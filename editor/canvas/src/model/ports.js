// Where the ports of a node are. The node's size follows from its ports, so nothing needs to be measured first.
export const NODE_WIDTH = 224;
const HEAD = 48;
const FOOT = 28;
const ROW = 20;
// The content of a node that stands for a network, drawn small.
const PICTURE = 56;
const FIRST_PORT = 24;
const NEXT_PORT = 16;

const NONE = [];
const UNKNOWN = { inputs: [{ name: 'inputs', many: true, required: false }], outputs: [{ name: 'output' }] };

/** The ports of a node: those that the server reported for its parameters, else those of its kind. */
export function portsOf(kind, status) {
  if (!kind) return UNKNOWN;
  return { inputs: status?.inputs ?? kind.inputs ?? NONE, outputs: status?.outputs ?? kind.outputs ?? NONE, picture: kind.group === 'network' };
}

/** Ports with their place: `{...port, side, y}` and the node's height. With more than a few they stand in named rows. */
export function arrange({ inputs, outputs, picture = false }) {
  const required = inputs.filter((port) => port.required !== false).length;
  const rows = required > 1 || outputs.length > 1 || inputs.length > 3 ? Math.max(inputs.length, outputs.length) : 0;
  const place = (side) => (port, index) => ({
    ...port,
    side,
    y: rows ? HEAD + index * ROW + ROW / 2 : FIRST_PORT + index * NEXT_PORT,
  });
  return {
    ports: [...inputs.map(place('in')), ...outputs.map(place('out'))],
    named: rows > 0,
    height: HEAD + rows * ROW + (rows ? 4 : 0) + (picture ? PICTURE : 0) + FOOT,
  };
}

export const handleId = (side, port) => `${side}:${port}`;

/** `in:query` → `{side: 'in', port: 'query'}` */
export function parseHandle(id) {
  const cut = id.indexOf(':');
  return { side: id.slice(0, cut), port: id.slice(cut + 1) };
}
