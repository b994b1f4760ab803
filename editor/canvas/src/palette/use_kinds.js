import { useMemo } from 'react';
import { useStoreOf, useValue } from '../context.js';
import { placeable } from '../model/kinds.js';

/** The kinds of the palette: what cannot stand in the network that is shown says why. */
export function useKinds() {
  const store = useStoreOf();
  const { kinds } = useValue(store.kinds);
  const { barred } = useValue(store.networks);
  return useMemo(() => placeable(kinds, barred), [kinds, barred]);
}
