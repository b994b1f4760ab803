import { memo, useState } from 'react';
import { BaseEdge, EdgeLabelRenderer, useStore } from '@xyflow/react';
import { useAimed, useStatus, useStoreOf, useValue } from '../context.js';
import { dataKind, tightShapeText } from '../model/text.js';
import { useWirePoints } from './use_wire_points.js';
import { useWireRun } from './use_wire_run.js';
import { WireKnob } from './WireKnob.jsx';
import { wirePath } from './wire_path.js';
import { showsLabels } from './zoom.js';

// The width of a label: a monospaced letter, and the rest of the pill.
const LETTER = 6.1;
const REST = 18;

function severityOf(problems, id, [node, port]) {
  const mine = problems.filter(({ at }) => at.wire === id || (at.node === node && at.port === port));
  return mine.some(({ severity }) => severity === 'error') ? 'error' : mine[0]?.severity ?? '';
}

/** A wire with the shape that it carries; the label gives way where there is no room for it. */
export const ShapeWire = memo(function ShapeWire({ id, data, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected }) {
  const store = useStoreOf();
  const { source, target } = data.record;
  const from = useStatus(source[0]);
  const labels = useStore(showsLabels);
  const aimed = useAimed(id);
  const severity = severityOf(useValue(store.problems), id, target);
  const shape = from?.shapes?.[source[1]];
  const dtype = typeof from?.dtype === 'string' ? from.dtype : from?.dtype?.[source[1]];
  const text = tightShapeText(shape);
  const run = useWireRun(target[0], sourceX, sourceY, targetX, targetY);
  const [held, setHeld] = useState(null);
  const points = useWirePoints(data.points);
  const led = held ? [...points.slice(0, held.index), held.at, ...points.slice(held.index)] : points;
  const [path, labelX, labelY, middles] = wirePath({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition }, run, led);
  const room = Math.hypot(targetX - sourceX, targetY - sourceY) > text.length * LETTER + REST;
  return (
    <g data-testid={`wire:${id}`} className={`wire data-${dataKind(shape, dtype)} sev-${severity} ${selected ? 'selected' : ''} ${aimed ? 'aimed' : ''}`}>
      <BaseEdge path={path} interactionWidth={16} />
      {selected && (held ? [[held.index, held.at]] : [...middles.entries()]).map(([index, [x, y]]) => (
        <WireKnob key={index} wire={id} index={index} x={x} y={y} onDrag={setHeld} />
      ))}
      {text && room && labels && !selected && (
        <EdgeLabelRenderer>
          <div className={`wire-label sev-${severity}`} style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}>{text}</div>
        </EdgeLabelRenderer>
      )}
    </g>
  );
});
