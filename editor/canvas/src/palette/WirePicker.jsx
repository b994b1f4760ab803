import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useActions, useRecords, useStoreOf } from '../context.js';
import { wireTargets } from '../model/targets.js';

const SHOWN = 40;

/** Draws a wire from or to a node without a mouse: type a name, Enter joins. */
export function WirePicker({ node, onClose }) {
  const store = useStoreOf();
  const actions = useActions();
  const records = useRecords();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const line = useRef(null);
  const all = useMemo(() => (records.nodes[node] ? wireTargets(records, node, (id) => store.portsOf(id)) : []), [records, node, store]);
  const rows = all.filter((row) => row.text.toLowerCase().includes(text.trim().toLowerCase())).slice(0, SHOWN);
  useLayoutEffect(() => { line.current?.scrollIntoView({ block: 'nearest' }); }, [chosen, rows.length]);

  const take = (row) => {
    onClose();
    if (row) actions.connect(row.from, row.to);
  };
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChosen((old) => (old + step + rows.length) % Math.max(rows.length, 1));
    else if (event.key === 'Enter') take(rows[chosen]);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="search picker" role="dialog" aria-label="Draw a wire" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onClose()}>
      <input
        autoFocus role="combobox" aria-expanded="true" aria-controls="wire-rows" aria-label="Draw a wire to" spellCheck="false" autoComplete="off"
        aria-activedescendant={rows.length ? `wire-row-${chosen}` : undefined} placeholder="Draw a wire to …"
        value={text} onKeyDown={press} onChange={(event) => { setText(event.target.value); setChosen(0); }}
      />
      <ul id="wire-rows" role="listbox" aria-label="Ports">
        {rows.map((row, index) => (
          <li
            key={row.text + row.to.node + row.from.node} id={`wire-row-${index}`} ref={index === chosen ? line : null} role="option" aria-selected={index === chosen}
            className="search-row" onPointerMove={() => setChosen(index)} onPointerDown={(event) => event.preventDefault()} onClick={() => take(row)}
          >
            <span className="search-name">{row.text}</span>
            {row.busy && <span className="search-reason">takes the place of a wire</span>}
          </li>
        ))}
      </ul>
      {!rows.length && <p className="quiet">No port that fits is called that.</p>}
    </div>
  );
}
