import { useEffect, useRef } from 'react';
import { Icon } from '../Icon.jsx';
import { SHORTCUTS } from '../model/shortcuts.js';

/** Every key and mouse habit, over the canvas. Escape, `?` or a click beside it closes. */
export function Shortcuts({ onClose }) {
  const box = useRef(null);
  useEffect(() => box.current.focus(), []);
  const press = (event) => {
    event.stopPropagation();
    if (event.key !== 'Escape' && event.key !== '?') return;
    event.preventDefault();
    onClose();
  };
  return (
    <div className="veil" onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
      <div className="shortcuts" ref={box} role="dialog" aria-modal="true" aria-label="Keys and mouse" tabIndex={-1} onKeyDown={press}>
        <div className="shortcuts-head">
          <h3>Keys and mouse</h3>
          <button type="button" className="tool" aria-label="Close" onClick={onClose}><Icon name="close" /></button>
        </div>
        <div className="shortcuts-groups">
          {SHORTCUTS.map(([name, rows]) => (
            <section key={name}>
              <h4>{name}</h4>
              <dl>{rows.map(([keys, what]) => <div key={keys}><dt>{keys}</dt><dd>{what}</dd></div>)}</dl>
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}
