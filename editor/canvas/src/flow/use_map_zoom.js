import { useEffect, useRef } from 'react';

const PER_PIXEL = 0.002;

/** A ref for the map: the wheel over it zooms the drawing, and does not scroll the page. */
export function useMapZoom(flow) {
  const box = useRef(null);
  useEffect(() => {
    const element = box.current;
    const turn = (event) => {
      event.preventDefault();
      flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY * PER_PIXEL));
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [flow]);
  return box;
}
