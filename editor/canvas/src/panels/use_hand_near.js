import { useEffect, useState } from 'react';

const REST_MS = 2500;
const MOST = 144;

/**
 * Whether the hand is at the lower edge of the drawing, where the list comes up. While it is, the list must not grow:
 * what lies under a hand may not change before it clicks. A hand that rests has seen it coming.
 */
export function useHandNear(list) {
  const [near, setNear] = useState(false);
  useEffect(() => {
    let timer = null;
    const look = (event) => {
      clearTimeout(timer);
      const sheet = list.current.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      const over = x > sheet.left && x < sheet.right && y < sheet.bottom && y > sheet.bottom - MOST;
      const now = over && event.pointerType === 'mouse' && !event.composedPath().includes(list.current);
      setNear(now);
      if (now) timer = setTimeout(() => setNear(false), REST_MS);
    };
    const events = ['pointermove', 'pointerdown', 'pointerup'];
    for (const name of events) window.addEventListener(name, look, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const name of events) window.removeEventListener(name, look, true);
    };
  }, [list]);
  return near;
}
