import { useEffect, useMemo, useRef } from 'react';
import { useReactFlow } from '@xyflow/react';
import { adding } from './adding.js';
import { changing } from './changing.js';
import { choosing } from './choosing.js';
import { marking } from './marking.js';
import { nesting } from './nesting.js';
import { placesOf } from './places.js';
import { viewing } from './viewing.js';

/** Everything that a person can do to the drawing, by mouse, key or button. The object never changes. */
export function useGestures({ store, state, root, setSearch, covered }) {
  const flow = useReactFlow();
  const live = useRef({});
  live.current = { state, flow, setSearch, covered };
  const pointer = useRef(null);

  useEffect(() => {
    const element = root.current;
    const remember = (event) => { pointer.current = [event.clientX, event.clientY]; };
    element.addEventListener('pointermove', remember, { passive: true });
    return () => element.removeEventListener('pointermove', remember);
  }, [root]);

  return useMemo(() => {
    const now = () => live.current;
    const places = placesOf(root, pointer, () => live.current.flow);
    const tools = {
      store, now, root, places,
      records: () => store.drawing.records(),
      perform: ({ label, changes, merge }) => store.perform(label, changes, merge),
    };
    const view = viewing(tools);
    const { glide: _glide, fitWhenMoved: _fitWhenMoved, ...looks } = view;
    return {
      ...looks,
      ...adding(tools),
      ...changing(tools),
      ...marking(tools),
      ...choosing({ ...tools, view }),
      ...nesting(tools),
      inside: places.inside,
      wireAt: places.wireAt,
      clear: () => places.clear(tools.records().layout),
    };
  }, [store, root]);
}
