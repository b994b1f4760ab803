import { useActions } from '../context.js';
import { COLOURS } from '../model/marks.js';
import { DraftInput } from './DraftInput.jsx';
import { PointInspector } from './PointInspector.jsx';

const asText = { format: (value) => value ?? '', parse: (text) => text };

/** A frame or a note: its text and its colour; of a point what can be done with it. */
export function MarkInspector({ id, mark }) {
  const actions = useActions();
  if (mark.kind === 'point') return <PointInspector />;
  const frame = mark.kind === 'frame';
  return (
    <section className="inspector-part">
      <h3>{frame ? 'Frame' : 'Note'}</h3>
      <div className="field">
        <label className="field-name" htmlFor={`mark-${id}`}>{frame ? 'title' : 'text'}</label>
        <DraftInput id={`mark-${id}`} value={mark.text} {...asText} onCommit={(text) => actions.setMark(id, { text: text ?? '' })} />
      </div>
      <div className="field">
        <span className="field-name">colour</span>
        <div className="swatches" role="radiogroup" aria-label="Colour">
          {COLOURS.map((colour) => (
            <button
              key={colour} type="button" role="radio" aria-checked={mark.colour === colour} aria-label={colour} title={colour}
              className={`swatch colour-${colour}`} onClick={() => actions.setMark(id, { colour })}
            />
          ))}
        </div>
      </div>
    </section>
  );
}
