import { useRef, useState } from 'react';
import { useReactFlow } from '@xyflow/react';
import { useActions } from '../context.js';

/** The middle of a piece of a selected wire: dragged, it becomes a point through which the wire is led. */
export function WireKnob({ wire, index, x, y, onDrag }) {
  const actions = useActions();
  const flow = useReactFlow();
  const [held, setHeld] = useState(false);
  const last = useRef(null);
  const move = (event) => {
    if (!held) return;
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    last.current = [at.x, at.y];
    onDrag({ index, at: last.current });
  };
  const take = (event) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    last.current = null;
    setHeld(true);
  };
  const drop = () => {
    setHeld(false);
    onDrag(null);
    if (last.current) actions.leadThrough(wire, index, last.current);
  };
  return (
    <circle
      className="wire-knob nopan" data-testid={`knob:${wire}:${index}`} cx={x} cy={y} r={5}
      onPointerDown={take} onPointerMove={move} onPointerUp={drop}
    ><title>Drag to lead the wire through here</title></circle>
  );
}
