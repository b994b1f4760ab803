import { useState } from 'react';
import { Icon } from '../Icon.jsx';
import { PaletteItem } from './PaletteItem.jsx';

export function PaletteGroup({ family, names, open }) {
  const [shown, setShown] = useState(open);
  return (
    <section className="palette-group">
      <button type="button" className="group-head" aria-expanded={shown} onClick={() => setShown(!shown)}>
        <span className={`turn ${shown ? 'open' : ''}`}><Icon name="chevron" size={12} /></span>
        {family}
        <span className="group-count">{names.length}</span>
      </button>
      {shown && names.map((name) => <PaletteItem key={name} name={name} />)}
    </section>
  );
}
