import { useEffect, useRef, useState } from 'react';

/** `[ref, narrow]`: whether the element has less than `width` pixels. */
export function useNarrow(width) {
  const box = useRef(null);
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) => setNarrow(contentRect.width < width));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [width]);
  return [box, narrow];
}
