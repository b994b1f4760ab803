import { useEffect, useState } from 'react';
import { useStoreApi } from '@xyflow/react';

/**
 * The wheel scrolls the notebook until the canvas is clicked into, then it zooms; with Ctrl it always zooms.
 * A canvas that took every wheel event would be a trap in the middle of a page.
 */
export function useWheel() {
  const flow = useStoreApi();
  const [entered, setEntered] = useState(false);
  useEffect(() => {
    const press = (event) => setEntered(event.composedPath().includes(flow.getState().domNode));
    window.addEventListener('pointerdown', press, true);
    return () => window.removeEventListener('pointerdown', press, true);
  }, [flow]);
  return { zoomOnScroll: entered, preventScrolling: entered };
}
