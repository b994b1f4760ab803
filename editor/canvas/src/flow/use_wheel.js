import { useEffect, useRef, useState } from 'react';
import { useStoreApi } from '@xyflow/react';

const HINT_MS = 1800;
// Who has scrolled past so often has read it.
const HINTS = 3;
let hints = HINTS;

/**
 * The wheel scrolls the notebook until the canvas is clicked into, then it zooms; with Ctrl it always zooms.
 * A canvas that took every wheel event would be a trap in the middle of a page. `hint`: whether to say so now.
 */
export function useWheel() {
  const flow = useStoreApi();
  const [entered, setEntered] = useState(false);
  const [hint, setHint] = useState(false);
  const timer = useRef(null);

  useEffect(() => {
    const within = (event) => event.composedPath().includes(flow.getState().domNode);
    const press = (event) => {
      if (within(event)) hints = 0;
      setEntered(within(event));
    };
    const turn = (event) => {
      if (event.ctrlKey || event.metaKey || !within(event) || !(hints || timer.current)) return;
      if (!timer.current) hints -= 1;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => { timer.current = null; setHint(false); }, HINT_MS);
      setHint(true);
    };
    window.addEventListener('pointerdown', press, true);
    window.addEventListener('wheel', turn, { capture: true, passive: true });
    return () => {
      window.removeEventListener('pointerdown', press, true);
      window.removeEventListener('wheel', turn, true);
      clearTimeout(timer.current);
    };
  }, [flow]);
  return { zooming: { zoomOnScroll: entered, preventScrolling: entered }, hint: hint && !entered };
}
