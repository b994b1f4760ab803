// How components reach the store, and read one value of it.
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';

export const StoreContext = createContext(null);
export const ActionsContext = createContext(null);

export const useStoreOf = () => useContext(StoreContext);
export const useActions = () => useContext(ActionsContext);

export function useValue(observable) {
  return useSyncExternalStore(observable.subscribe, observable.get);
}

/** What the server says of one node; renders only when that changes. */
export function useStatus(id) {
  const { status } = useStoreOf();
  const subscribe = useCallback((listener) => status.subscribe(id, listener), [status, id]);
  return useSyncExternalStore(subscribe, () => status.get(id));
}

/** What a run has seen of one node's layer; renders only when that changes. */
export function useHealth(id) {
  const store = useStoreOf();
  const path = store.pathOf(id);
  const subscribe = useCallback((listener) => store.health.subscribe(path, listener), [store, path]);
  return useSyncExternalStore(subscribe, () => store.health.get(path));
}

/** Whether a node in the hand would go into this wire. */
export function useAimed(wire) {
  const { aims } = useStoreOf();
  const subscribe = useCallback((listener) => aims.subscribe(wire, listener), [aims, wire]);
  return useSyncExternalStore(subscribe, () => !!aims.get(wire));
}

/** The records on screen. */
export function useRecords() {
  const { drawing } = useStoreOf();
  return useSyncExternalStore(drawing.subscribe, drawing.records);
}
