import { handleId } from '../model/ports.js';

/**
 * Where wires begin and end far out: what React Flow measures of a handle, without a handle's subscriptions.
 * Without them it would leave out the wires of every node that comes into sight at that zoom.
 */
export function FarPorts({ ports }) {
  return ports.map(({ side, name, y }) => {
    const [type, position] = side === 'in' ? ['target', 'left'] : ['source', 'right'];
    return (
      <div
        key={`${side}:${name}`} className={`react-flow__handle react-flow__handle-${position} ${type} port`}
        data-handleid={handleId(side, name)} data-handlepos={position} style={{ top: y }}
      />
    );
  });
}
