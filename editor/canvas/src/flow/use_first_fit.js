import { useEffect } from 'react';
import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';

const sizeOf = (state) => `${state.width} ${state.height}`;

/** Keeps the whole network in view, whatever the page does with the canvas' size, until a person touches it. */
export function useFirstFit(ready, memory) {
  const { fitView } = useReactFlow();
  const flow = useStoreApi();
  const size = useStore(sizeOf);

  useEffect(() => {
    const touch = (event) => {
      if (event.composedPath().includes(flow.getState().domNode)) memory.touched = true;
    };
    const events = ['pointerdown', 'wheel', 'keydown'];
    for (const name of events) window.addEventListener(name, touch, { capture: true, passive: true });
    return () => { for (const name of events) window.removeEventListener(name, touch, { capture: true }); };
  }, [flow, memory]);

  useEffect(() => {
    if (ready && !memory.touched) fitView({ padding: 0.08, maxZoom: 1 });
  }, [ready, size, fitView, memory]);
}
