import { memo, useMemo, useState } from 'react';
import { Icon } from '../Icon.jsx';
import { findKinds } from '../model/find_kinds.js';
import { PaletteGroup } from './PaletteGroup.jsx';
import { PaletteItem } from './PaletteItem.jsx';
import { useKinds } from './use_kinds.js';

const OPEN = new Set(['Input and output', 'Networks', 'Yours', 'Core', 'Convolution', 'Pooling']);
const MATCHES = 40;
const ORDER = ['Input and output', 'Networks', 'Yours', 'Core', 'Convolution', 'Pooling', 'Recurrent', 'Attention', 'Normalization',
  'Regularization', 'Activation', 'Reshaping', 'Merging', 'Preprocessing', 'Augmentation', 'Wrappers'];

// What is used most comes first; families that are not listed, operations among them, last.
function grouped(kinds) {
  const groups = new Map([['Input and output', []]]);
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind.unbuildable) continue;
    const family = kind.group === 'boundary' ? 'Input and output' : kind.family;
    if (!groups.has(family)) groups.set(family, []);
    groups.get(family).push(name);
  }
  const rank = ([family]) => (ORDER.includes(family) ? ORDER.indexOf(family) : ORDER.length);
  return [...groups].filter(([, names]) => names.length).sort((a, b) => rank(a) - rank(b));
}

// Tab goes from group to group, the arrow keys from row to row.
function step(event) {
  const side = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!side) return;
  event.preventDefault();
  event.stopPropagation();
  const rows = [...event.currentTarget.querySelectorAll('button:not(:disabled)')];
  const next = rows[rows.indexOf(event.target) + side] ?? (side > 0 ? rows[0] : null);
  next?.focus();
}

/** Every kind of node, by family; typing narrows it to one ranked list. */
export const Palette = memo(function Palette() {
  const kinds = useKinds();
  const [text, setText] = useState('');
  const groups = useMemo(() => grouped(kinds), [kinds]);
  const rows = useMemo(() => (text.trim() ? findKinds(kinds, text, MATCHES) : null), [kinds, text]);
  return (
    <aside className="palette" data-testid="palette" aria-label="Palette">
      <label className="search-box">
        <Icon name="search" size={14} />
        <input type="search" placeholder="Find a layer" aria-label="Find a layer" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <div className="palette-list" onKeyDown={step}>
        {rows
          ? rows.map((row, index) => <PaletteItem key={row.kind} name={row.kind} params={row.params} reason={row.reason} tabbable={index === 0} />)
          : groups.map(([family, names]) => <PaletteGroup key={family} family={family} names={names} open={OPEN.has(family)} />)}
        {rows?.length === 0 && <p className="quiet">No layer or operation is called that.</p>}
      </div>
    </aside>
  );
});
