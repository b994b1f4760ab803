import { useActions } from '../context.js';
import { Icon } from '../Icon.jsx';
import { isCalculated, calculatedText, readCalculated } from '../model/calculated.js';
import { kindText } from '../model/kinds.js';
import { DraftInput } from './DraftInput.jsx';

const showRepeat = (value) => (isCalculated(value) ? calculatedText(value) : String(value ?? 1));
const readRepeat = (text) => (Number.isInteger(Number(text)) ? Number(text) : readCalculated(text) ?? undefined);
const showNames = (names) => (names ?? []).join(', ');
const readNames = (text) => text.split(',').map((name) => name.trim()).filter(Boolean);

/** How often a network stands here, with whose weights, and the ways in and out of it. */
export function NetworkUse({ id, record }) {
  const actions = useActions();
  const { repeat = 1, weights = 'fresh', names = [] } = record;
  const set = (update) => actions.perform({
    label: `Repeat ${record.label || kindText(record.kind)}`,
    changes: [{ change: 'set-repeat', node: id, repeat, weights, names, ...update }],
  });
  return (
    <section className="inspector-part">
      <div className="button-row">
        <button type="button" className="small" onClick={() => actions.enter(id)}><Icon name="enter" size={14} />Enter</button>
        <button type="button" className="small" onClick={() => actions.nest('unpack', [id])}><Icon name="unpack" size={14} />Unpack</button>
        <button type="button" className="small" onClick={() => actions.nest('make-unique', [id])}><Icon name="unique" size={14} />Make unique</button>
      </div>
      <div className="field">
        <label className="field-name" htmlFor={`repeat-${id}`}>repeat</label>
        <DraftInput id={`repeat-${id}`} value={repeat} format={showRepeat} parse={readRepeat} onCommit={(value) => set({ repeat: value ?? 1 })} />
      </div>
      {(repeat > 1 || isCalculated(repeat)) && (
        <>
          <div className="field">
            <label className="field-name" htmlFor={`weights-${id}`}>weights</label>
            <select className="select" id={`weights-${id}`} value={weights} onChange={(event) => set({ weights: event.target.value })}>
              <option value="fresh">fresh in each</option>
              <option value="shared">shared by all</option>
            </select>
          </div>
          <div className="field">
            <label className="field-name" htmlFor={`names-${id}`}>names</label>
            <DraftInput id={`names-${id}`} value={names} format={showNames} parse={readNames} placeholder="numbered" onCommit={(value) => set({ names: value ?? [] })} />
          </div>
        </>
      )}
    </section>
  );
}
