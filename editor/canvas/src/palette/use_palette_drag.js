import { useRef, useState } from 'react';

const THRESHOLD = 4;

/** Dragging by pointer rather than by the browser's drag and drop: it works by touch, and the ghost is ours. */
export function usePaletteDrag({ onDrop, onClick }) {
  const start = useRef(null);
  const [at, setAt] = useState(null);
  const handlers = {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY, dragging: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      const from = start.current;
      if (!from) return;
      from.dragging ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > THRESHOLD;
      if (from.dragging) setAt([event.clientX, event.clientY]);
    },
    onPointerUp: (event) => {
      const dragged = start.current?.dragging;
      start.current = dragged ? { done: true } : null;
      setAt(null);
      if (dragged) onDrop([event.clientX, event.clientY]);
    },
    onPointerCancel: () => {
      start.current = null;
      setAt(null);
    },
    // The click that ends a drag is no click; Enter and Space click too.
    onClick: () => {
      const dragged = start.current?.done;
      start.current = null;
      if (!dragged) onClick();
    },
  };
  return { at, handlers };
}
