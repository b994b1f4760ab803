import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useActions } from '../context.js';
import { SearchRow } from './SearchRow.jsx';
import { useSearch } from './use_search.js';

const WIDTH = 380;
const HEIGHT = 400;
const GIVE_UP_MS = 500;

function placeIn(workbench, [x, y]) {
  const box = workbench.getBoundingClientRect();
  return {
    left: Math.max(8, Math.min(x - box.left, box.width - WIDTH - 8)),
    top: Math.max(8, Math.min(y - box.top, box.height - HEIGHT - 8)),
  };
}

/** The palette at the cursor: type a name and arguments, Enter places, and wires where a wire was pulled out. */
export function SearchPalette({ screen, end, swap, wire, onClose }) {
  const actions = useActions();
  const [text, setText] = useState('');
  const [picked, setPicked] = useState('');
  const { rows, answered, after, best } = useSearch(text, end, swap, wire);
  // A row that was picked or meant stays so when it moves: what cannot be built here goes to the end.
  const chosen = Math.max(0, rows.findIndex(({ kind }) => kind === (picked || best)));
  const box = useRef(null);
  const waiting = useRef(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => setPlace(placeIn(box.current.parentElement, screen)), [screen]);

  const take = (row) => {
    if (!row) return;
    onClose();
    if (swap) actions.swap(swap, row.kind, row.params ?? {});
    else actions.place(row.kind, row.params ?? {}, wire ? null : screen, end, wire);
  };

  // Enter is often quicker than the server: what was typed last is what is placed.
  useEffect(() => {
    if (waiting.current && answered) {
      waiting.current = null;
      take(rows[chosen]);
    }
  });
  const enter = () => {
    if (answered) return take(rows[chosen]);
    waiting.current = true;
    return setTimeout(() => waiting.current && take(rows[chosen]), GIVE_UP_MS);
  };

  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setPicked(rows.length ? rows[(chosen + step + rows.length) % rows.length].kind : '');
    else if (event.key === 'Enter') enter();
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="search" ref={box} style={place} role="dialog" aria-label={swap ? 'Swap for another kind' : 'Add a node'}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onClose()}>
      <input
        autoFocus data-testid="palette-search" role="combobox" aria-expanded="true" aria-controls="search-rows" aria-label={swap ? 'Swap for another kind' : 'Add a node'}
        aria-activedescendant={rows.length ? `search-row-${chosen}` : undefined} spellCheck="false" autoComplete="off"
        placeholder={swap ? 'Swap for: conv 64 3 relu' : wire ? 'Put into the wire: conv 64 3 relu' : end ? `What ${end.side === 'out' ? 'comes after' : 'comes before'}?` : 'Add a node: conv 64 3 relu'}
        value={text} onKeyDown={press} onChange={(event) => { setText(event.target.value); setPicked(''); }}
      />
      <ul id="search-rows" role="listbox" aria-label="Kinds">
        {rows.map((row, index) => (
          <SearchRow key={row.kind} row={row} index={index} chosen={index === chosen} onHover={() => setPicked(row.kind)} onTake={() => take(row)} />
        ))}
      </ul>
      {!rows.length && <p className="quiet">No layer or operation is called that.</p>}
      {after && rows.length > 0 && <p className="search-foot">Output shapes after <strong>{after}</strong></p>}
    </div>
  );
}
