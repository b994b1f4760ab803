import { useRef, useState } from 'react';
import { Icon } from '../Icon.jsx';
import { ToolButton } from './ToolButton.jsx';

// The arrow keys go from row to row, Escape closes; the canvas must not hear them.
function step(event, close) {
  const rows = [...event.currentTarget.querySelectorAll('button')];
  const side = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (side) rows.at((rows.indexOf(event.target) + side) % rows.length)?.focus();
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** A button with a list of `[icon, label, keys, perform]`, which opens to the left `atEnd` of a row. */
export function ToolMenu({ icon, label, items, disabled, atEnd = false }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const close = () => {
    setOpen(false);
    box.current.querySelector('.tool').focus();
  };
  const leave = (event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false);
  return (
    <div className="tool-menu" ref={box} onBlur={leave} onKeyDown={(event) => open && step(event, close)}>
      <ToolButton icon={icon} label={label} expanded={open} disabled={disabled} onClick={() => setOpen(!open)} />
      {open && (
        <div className={`menu ${atEnd ? 'at-end' : ''}`} role="menu" aria-label={label}>
          {items.map(([picture, text, keys, perform]) => (
            <button key={text} type="button" role="menuitem" onClick={() => { close(); perform(); }}>
              <Icon name={picture} size={14} />{text}<kbd>{keys}</kbd>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
