import { useEffect } from 'react';
import { concerns } from './use_keys.js';

function namePorts(root) {
  const show = (event) => {
    if (event.key.toLowerCase() !== 'p' || event.ctrlKey || event.metaKey || event.altKey || !concerns(event, root)) return;
    root.toggleAttribute('data-port-names', true);
  };
  const hide = (event) => (event.type === 'blur' || event.key.toLowerCase() === 'p') && root.toggleAttribute('data-port-names', false);
  window.addEventListener('keydown', show, true);
  window.addEventListener('keyup', hide, true);
  window.addEventListener('blur', hide);
  return () => {
    window.removeEventListener('keydown', show, true);
    window.removeEventListener('keyup', hide, true);
    window.removeEventListener('blur', hide);
  };
}

/** While P is held all ports are named. */
export function usePortNames(root) {
  useEffect(() => namePorts(root.current), [root]);
}
