import { useEffect } from 'react';
import { concerns } from './use_keys.js';

/** Cut, copy and paste through the browser's own events, so that it works between tabs and windows unasked. */
export function useClipboard(root, actions) {
  useEffect(() => {
    const take = (event) => {
      if (!concerns(event, root.current)) return;
      // Text that is marked elsewhere on the page is meant, unless the focus is in here.
      if (!event.composedPath().includes(root.current) && window.getSelection()?.toString()) return;
      const text = actions.copy();
      if (!text) return;
      event.preventDefault();
      event.clipboardData.setData('text/plain', text);
      if (event.type === 'cut') actions.remove();
    };
    const paste = (event) => {
      if (!concerns(event, root.current)) return;
      event.preventDefault();
      actions.paste(event.clipboardData.getData('text/plain'));
    };
    document.addEventListener('copy', take);
    document.addEventListener('cut', take);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', take);
      document.removeEventListener('cut', take);
      document.removeEventListener('paste', paste);
    };
  }, [root, actions]);
}
