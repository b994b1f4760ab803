import { useEffect, useRef } from 'react';
import { useStoreOf, useValue } from './context.js';

// With something beside it, the drawing needs the room of the palette and of the inspector in windows below these widths.
const FOR_PALETTE = 1700;
const FOR_INSPECTOR = 1300;

/** Closes what takes the drawing's room while something stands beside the canvas, and opens it again afterwards. */
export function useRoom(palette, togglePalette, inspector, toggleInspector) {
  const beside = useValue(useStoreOf().beside);
  const closed = useRef([]);
  useEffect(() => {
    if (beside) {
      if (palette && window.innerWidth < FOR_PALETTE) closed.current.push(togglePalette);
      if (inspector && window.innerWidth < FOR_INSPECTOR) closed.current.push(toggleInspector);
      for (const toggle of closed.current) toggle(false);
      return;
    }
    for (const toggle of closed.current.splice(0)) toggle(true);
    // Only when something comes or goes: what the hand opens meanwhile stays open.
  }, [beside]);
}
