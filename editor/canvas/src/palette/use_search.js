import { useEffect, useMemo, useRef, useState } from 'react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { findKinds } from '../model/find_kinds.js';
import { useKinds } from './use_kinds.js';

const ASK_AFTER_MS = 60;

/**
 * Rows for a text: the browser's own at once, the server's (with shapes and reasons) as soon as they are here. `end` is the end of
 * a wire at hand, `swap` the nodes that are to become another kind, `wire` one that the node is put into. `after` names the node
 * whose output the shapes are reckoned from, `best` the kind that was meant where only the text says so.
 */
export function useSearch(text, end, swap, wire) {
  const store = useStoreOf();
  const kinds = useKinds();
  const results = useValue(store.results);
  const asked = useRef({ text: null, request: 0 });
  const [, setAsked] = useState(0);
  const { chosen } = useActions();
  const selected = useRef(null);
  selected.current ??= chosen();

  useEffect(() => {
    const timer = setTimeout(() => {
      const [node, port] = (wire && store.drawing.records().wires[wire]?.source) || [end?.node, end?.port];
      const source = node ? { node, port, side: end?.side ?? 'out' } : null;
      asked.current = { text, request: store.search(text, { source, selected: swap ?? selected.current, swap: !!swap }) };
      setAsked(asked.current.request);
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [store, text, end, swap, wire]);

  const own = useMemo(() => findKinds(kinds, text), [kinds, text]);
  const answered = asked.current.text === text && results.request === asked.current.request;
  return { rows: answered ? results.rows : own, answered, after: answered ? results.after : '', best: answered ? results.best : '' };
}
