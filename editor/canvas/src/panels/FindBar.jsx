import { useMemo, useState } from 'react';
import { useActions, useRecords, useStoreOf, useValue } from '../context.js';
import { Icon } from '../Icon.jsx';
import { findNodes, hitText } from '../model/finding.js';

/** Finds nodes by name, kind, shape or problem; Enter goes to the next, Shift-Enter to the one before. */
export function FindBar({ onClose }) {
  const store = useStoreOf();
  const actions = useActions();
  const records = useRecords();
  const { kinds } = useValue(store.kinds);
  const problems = useValue(store.problems);
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  // A problem that comes or goes changes what is found.
  const hits = useMemo(() => findNodes(records, kinds, (id) => store.status.get(id), text), [records, kinds, store, text, problems]);
  const go = (step) => {
    if (!hits.length) return;
    const next = (Math.max(at, step < 0 ? 0 : -1) + step + hits.length) % hits.length;
    setAt(next);
    actions.focus(hits[next]);
  };
  const press = (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const said = !text.trim() ? 'name, kind, 28×28, error' : hits.length ? `${Math.min(at + 1, hits.length) || '–'} of ${hits.length}` : 'nothing found';
  return (
    <div className="find" role="search" aria-label="Find in the network">
      <Icon name="search" size={14} />
      <input
        autoFocus aria-label="Find in the network" placeholder="Find a node" value={text} spellCheck="false" autoComplete="off"
        onChange={(event) => { setText(event.target.value); setAt(-1); }} onKeyDown={press}
      />
      <span className="find-count" role="status">{said}</span>
      {at >= 0 && hits[at] && <span className="find-hit">{hitText(records.nodes[hits[at]], store.status.get(hits[at]))}</span>}
      <button type="button" className="tool" aria-label="Find the one before" disabled={!hits.length} onClick={() => go(-1)}><Icon name="up" size={14} /></button>
      <button type="button" className="tool" aria-label="Find the next" disabled={!hits.length} onClick={() => go(1)}><Icon name="downward" size={14} /></button>
      <button type="button" className="tool" aria-label="Close the search" onClick={onClose}><Icon name="close" size={14} /></button>
    </div>
  );
}
