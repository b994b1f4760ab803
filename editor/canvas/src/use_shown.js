import { useCallback, useState } from 'react';

/** `[shown, toggle]` of a panel, as it was left when the canvas was here last. */
export function useShown(memory, part, fallback) {
  const [shown, setShown] = useState(memory[part] ?? fallback);
  const toggle = useCallback((value) => setShown((old) => {
    memory[part] = typeof value === 'boolean' ? value : !old;
    return memory[part];
  }), [memory, part]);
  return [shown, toggle];
}
