import { useEffect } from 'react';
import { useStoreOf } from './context.js';

/** The page around asks for a node, by a hit of its search, a problem's row or a line of code: it is selected and brought into view. */
export function useAskedFromPage(root, actions) {
  const store = useStoreOf();
  useEffect(() => {
    const show = ({ detail: { cell, node } }) => {
      if ((cell && cell !== store.drawing.cell) || !store.drawing.records().nodes[node]) return;
      if (!cell) root.current.scrollIntoView({ block: 'center' });
      actions.focus(node);
    };
    window.addEventListener('wf-show-node', show);
    const stop = store.asked.subscribe(() => actions.show(store.asked.get().nodes));
    return () => {
      window.removeEventListener('wf-show-node', show);
      stop();
    };
  }, [root, actions, store]);
}
