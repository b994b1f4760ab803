import { memo } from 'react';
import { useActions } from '../context.js';

/** A point that a wire is led through: drag it, nudge it with the arrow keys, take it away with Delete or a double-click. */
export const PointNode = memo(function PointNode({ id, selected }) {
  const actions = useActions();
  return (
    <div
      data-testid={`mark:${id}`} className={`wire-point ${selected ? 'selected' : ''}`} title="Drag to lead the wire; double-click takes the point away"
      onDoubleClick={() => actions.removePoint(id)}
    />
  );
});
