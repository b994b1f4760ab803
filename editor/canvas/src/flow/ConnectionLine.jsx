import { getBezierPath, useStore } from '@xyflow/react';
import { useStoreOf } from '../context.js';
import { parseHandle } from '../model/ports.js';
import { refusal } from '../model/wiring.js';

const zoomOf = (state) => state.transform[2];

/** The wire being drawn; where it would be refused, the reason stands at its end. */
export function ConnectionLine({ fromX, fromY, fromPosition, toX, toY, toPosition, fromHandle, toHandle, connectionStatus }) {
  const store = useStoreOf();
  const zoom = useStore(zoomOf);
  const [path] = getBezierPath({
    sourceX: fromX, sourceY: fromY, sourcePosition: fromPosition, targetX: toX, targetY: toY, targetPosition: toPosition,
  });
  const refused = toHandle && connectionStatus === 'invalid';
  const end = (handle) => ({ node: handle.nodeId, ...parseHandle(handle.id) });
  return (
    <g className={`connection ${connectionStatus ?? ''}`}>
      <path d={path} fill="none" />
      <circle cx={toX} cy={toY} r={4} />
      {refused && (
        <foreignObject x={toX + 12 / zoom} y={toY + 12 / zoom} width={280} height={64}>
          <div className="refusal" role="status" style={{ transform: `scale(${1 / zoom})` }}>{refusal(store.drawing.records(), end(fromHandle), end(toHandle))}</div>
        </foreignObject>
      )}
    </g>
  );
}
