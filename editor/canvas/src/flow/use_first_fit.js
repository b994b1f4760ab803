import { useEffect, useRef } from 'react';
import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { fitting } from './zoom.js';

const sizeOf = (state) => `${state.width} ${state.height}`;

/** Keeps the whole network in view, whatever the page does with the canvas' size, until a person touches it. */
export function useFirstFit(ready, memory, covered, store, where, nodes) {
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
    const there = store.drawing.records().nodes;
    // Until the nodes of the network that was entered are the ones on screen, there is nothing to fit.
    if (!ready || entered.current === where || !nodes.every(({ id }) => there[id])) return;
    entered.current = where;
    requestAnimationFrame(() => fitView(fitting(covered)));
  }, [ready, where, nodes, covered, fitView, store]);

  useEffect(() => {
    if (ready && !memory.touched) fitView(fitting(covered));
  }, [ready, size, covered, fitView, memory]);
}
