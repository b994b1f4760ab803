import { useEffect, useMemo, useRef, useState } from 'react';
import { useStoreOf, useValue } from '../context.js';
import { findKinds } from '../model/find_kinds.js';

const ASK_AFTER_MS = 60;

/** Rows for a text: the browser's own at once, the server's (with shapes and reasons) as soon as they are here. */
export function useSearch(text, end) {
  const store = useStoreOf();
  const { kinds } = useValue(store.kinds);
  const results = useValue(store.results);
  const asked = useRef({ text: null, request: 0 });
  const [, setAsked] = useState(0);

  useEffect(() => {
    const timer = setTimeout(() => {
      const source = end && { node: end.node, port: end.port, side: end.side };
      asked.current = { text, request: store.search(text, source) };
      setAsked(asked.current.request);
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [store, text, end]);

  const own = useMemo(() => findKinds(kinds, text), [kinds, text]);
  const answered = asked.current.text === text && results.request === asked.current.request;
  return { rows: answered ? results.rows : own, answered };
}
