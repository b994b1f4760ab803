import { memo, useState } from 'react';
import { NodeResizer } from '@xyflow/react';
import { useActions } from '../context.js';

const MIN = 48;

/** A note. Double-click to write; leaving it keeps what was written, Escape does not. */
export const NoteNode = memo(function NoteNode({ id, data, selected }) {
  const actions = useActions();
  const { text, colour } = data.record;
  const [draft, setDraft] = useState(null);
  const keep = () => {
    if (draft !== null && draft !== text) actions.setMark(id, { text: draft });
    setDraft(null);
  };
  const press = (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') setDraft(null);
  };
  const resized = (_, { x, y, width, height }) => actions.setMark(id, {
    x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height),
  });
  return (
    <div data-testid={`mark:${id}`} className={`note colour-${colour} ${selected ? 'selected' : ''}`} onDoubleClick={() => setDraft(text)}>
      <NodeResizer isVisible={selected} minWidth={MIN} minHeight={MIN} onResizeEnd={resized} />
      {draft === null
        ? <div className={`note-text ${text ? '' : 'quiet'}`}>{text || 'Double-click to write'}</div>
        : <textarea autoFocus className="nodrag nowheel" aria-label="Text of the note" value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={keep} onKeyDown={press} />}
    </div>
  );
});
