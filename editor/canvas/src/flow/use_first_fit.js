import { useEffect, useRef } from 'react';
import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { fitting } from './zoom.js';

const sizeOf = (state) => `${state.width} ${state.height}`;

/** Keeps the whole network in view, whatever the page does with the canvas' size, until a person touches it. */
export function useFirstFit(ready, memory, covered, where = '') {
  const { fitView } = useReactFlow();
  const flow = useStoreApi();
  const size = useStore(sizeOf);

  useEffect(() => {
    const touch = (event) => {
      // Without Ctrl the wheel scrolls the page past a canvas that nobody has clicked into.
      if (event.type === 'wheel' && !event.ctrlKey && !event.metaKey) return;
      if (event.composedPath().includes(flow.getState().domNode)) memory.touched = true;
    };
    const events = ['pointerdown', 'pointerup', 'wheel', 'keydown'];
    for (const name of events) window.addEventListener(name, touch, { capture: true, passive: true });
    return () => { for (const name of events) window.removeEventListener(name, touch, { capture: true }); };
  }, [flow, memory]);

  const entered = useRef(where);
  useEffect(() => {
    if (!ready || entered.current === where) return;
    entered.current = where;
    // The nodes of the network that was entered are there with the next frame.
    requestAnimationFrame(() => fitView(fitting(covered)));
  }, [ready, where, covered, fitView]);

  useEffect(() => {
    if (ready && !memory.touched) fitView(fitting(covered));
  }, [ready, size, covered, fitView, memory]);
}
