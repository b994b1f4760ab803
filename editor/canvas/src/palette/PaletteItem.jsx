import { useActions, useStoreOf } from '../context.js';
import { Icon } from '../Icon.jsx';
import { familyClass, kindText } from '../model/kinds.js';
import { usePaletteDrag } from './use_palette_drag.js';

/** A kind in the palette: drag it onto the canvas, or click or press Enter to place it in the middle; `reason` says why it cannot be. */
export function PaletteItem({ name, params = {}, reason = '', tabbable = false }) {
  const store = useStoreOf();
  const actions = useActions();
  const kind = store.kind(name);
  const drag = usePaletteDrag({
    onDrop: (screen) => actions.inside(screen) && actions.drop(name, params, screen),
    onClick: () => actions.place(name, params, actions.clear()),
  });
  return (
    <>
      <button
        type="button" tabIndex={tabbable ? 0 : -1} className={`palette-item family-${familyClass(kind)}`} title={reason || kind?.help} disabled={!!reason}
        aria-label={`Add ${kindText(name)}`} {...drag.handlers}
      >
        <span className="node-icon"><Icon name={familyClass(kind)} size={14} /></span>
        <span className="palette-name">{kindText(name).replace(/^ops\./, '')}</span>
      </button>
      {drag.at && <div className={`ghost family-${familyClass(kind)}`} style={{ left: drag.at[0], top: drag.at[1] }}>{kindText(name)}</div>}
    </>
  );
}
