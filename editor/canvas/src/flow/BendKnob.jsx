import { useRef, useState } from 'react';
import { useReactFlow } from '@xyflow/react';
import { useActions } from '../context.js';

/** The point of a selected wire that one drags to bend it; a double-click lets the wire find its own way again. */
export function BendKnob({ id, x, y, bent, onDrag }) {
  const actions = useActions();
  const flow = useReactFlow();
  const [held, setHeld] = useState(false);
  const last = useRef(null);
  const move = (event) => {
    if (!held) return;
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    last.current = [Math.round(at.x), Math.round(at.y)];
    onDrag(last.current);
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
    if (last.current) actions.perform({ label: 'Bend the wire', changes: [{ change: 'move-nodes', positions: { [id]: last.current } }] });
  };
  const straighten = () => bent && actions.perform({ label: 'Let the wire find its way', changes: [{ change: 'move-nodes', positions: { [id]: null } }] });
  return (
    <circle
      className="bend-knob nopan" data-testid={`bend:${id}`} cx={x} cy={y} r={5} onPointerDown={take} onPointerMove={move} onPointerUp={drop}
      onDoubleClick={straighten}
    ><title>Drag to bend the wire{bent ? '; double-click to let it find its way' : ''}</title></circle>
  );
}
