import { useEffect, useRef, useState } from 'react';

const IDLE_MS = 250;

/**
 * A text input that commits on Enter, on leaving, and when the keys rest. `parse(text)` gives the value, undefined
 * for one that cannot be; an empty text commits undefined. Escape takes back what was not committed.
 */
export function DraftInput({ value, format, parse, onCommit, wrong, ...rest }) {
  const [draft, setDraft] = useState(null);
  const timer = useRef(null);
  const settled = useRef(null); // the draft that is not to be committed (again), whatever the value has become since
  const shown = format(value);
  useEffect(() => () => clearTimeout(timer.current), []);

  const parsed = draft === null || draft.trim() === '' ? undefined : parse(draft);
  const bad = draft !== null && draft.trim() !== '' && parsed === undefined;

  const commit = (text) => {
    clearTimeout(timer.current);
    if (text === null || text === shown || text === settled.current) return;
    const next = text.trim() === '' ? undefined : parse(text);
    if (text.trim() !== '' && next === undefined) return;
    if (JSON.stringify(next) !== JSON.stringify(value)) {
      settled.current = text;
      onCommit(next);
    }
  };
  const type = (event) => {
    const text = event.target.value;
    setDraft(text);
    settled.current = null;
    clearTimeout(timer.current);
    if (text.trim() !== '') timer.current = setTimeout(() => commit(text), IDLE_MS);
  };
  const press = (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') commit(draft);
    if (event.key === 'Escape') {
      clearTimeout(timer.current);
      settled.current = draft;
      setDraft(null);
      event.target.blur();
    }
  };
  return (
    <input
      {...rest} value={draft ?? shown} aria-invalid={bad || wrong || undefined} spellCheck="false" autoComplete="off"
      onChange={type} onKeyDown={press} onBlur={() => { commit(draft); setDraft(null); }}
    />
  );
}
