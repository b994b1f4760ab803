import { useCallback, useSyncExternalStore } from 'react';
import { Handle, Position } from '@xyflow/react';
import { useStatus, useStoreOf } from '../context.js';
import { dataKind } from '../model/text.js';
import { handleId } from '../model/ports.js';

/** Which output a port speaks of: its own, or the one that is wired into it; as `node port`. */
function useFeed(node, port) {
  const { drawing } = useStoreOf();
  const read = useCallback(() => (port.side === 'out' ? `${node} ${port.name}` : drawing.feeding(node, port.name)), [drawing, node, port]);
  return useSyncExternalStore(drawing.subscribe, read);
}

export function NodePort({ node, port, named }) {
  const feed = useFeed(node, port);
  const [source, output] = feed.split(' ');
  const status = useStatus(source);
  const shape = status?.shapes?.[output];
  const dtype = typeof status?.dtype === 'string' ? status.dtype : status?.dtype?.[output];
  const input = port.side === 'in';
  const wired = !!feed && input;
  const classes = ['port', port.side, `data-${dataKind(shape, dtype)}`, port.many && 'many', port.required === false && 'optional', wired && 'wired', named && 'named'];
  return (
    <Handle
      id={handleId(port.side, port.name)} type={input ? 'target' : 'source'} position={input ? Position.Left : Position.Right}
      className={classes.filter(Boolean).join(' ')} style={{ top: port.y }} data-testid={`port:${node}:${port.side}:${port.name}`} role="img"
      aria-label={`${input ? 'Input' : 'Output'} ${port.name}${port.many ? ', takes several wires' : ''}${port.required === false ? ', optional' : ''}`}
    >
      <span className="port-name">{port.name}</span>
    </Handle>
  );
}
