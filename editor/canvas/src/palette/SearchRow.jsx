import { useEffect, useRef } from 'react';
import { useStoreOf } from '../context.js';
import { Icon } from '../Icon.jsx';
import { familyClass } from '../model/kinds.js';
import { parameterLine, shapeText } from '../model/text.js';

/** A kind that can be placed: with the shape it would have here, or the reason why it cannot be built. */
export function SearchRow({ row, index, chosen, onHover, onTake }) {
  const store = useStoreOf();
  const line = useRef(null);
  useEffect(() => { if (chosen) line.current.scrollIntoView({ block: 'nearest' }); }, [chosen]);
  const kind = store.kind(row.kind);
  const params = parameterLine(row.kind, kind, row.params ?? {});
  return (
    <li
      ref={line} id={`search-row-${index}`} role="option" aria-selected={chosen} className={`search-row family-${familyClass(kind)} ${row.reason ? 'cannot' : ''}`}
      onPointerMove={() => !chosen && onHover()} onPointerDown={(event) => event.preventDefault()} onClick={onTake}
    >
      <span className="node-icon"><Icon name={familyClass(kind)} size={14} /></span>
      <span className="search-name">{row.label || row.kind}{params && <span className="search-params">{params}</span>}</span>
      {row.reason ? <span className="search-reason" title={row.reason}>{row.reason}</span> : <span className="search-shape">{shapeText(row.shape)}</span>}
    </li>
  );
}
