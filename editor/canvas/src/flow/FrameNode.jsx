import { memo, useState } from 'react';
import { NodeResizer } from '@xyflow/react';
import { useActions } from '../context.js';
import { DraftInput } from '../inspector/DraftInput.jsx';

const asText = { format: (value) => value ?? '', parse: (text) => text.trim() };
const MIN = 80;

/** A frame around nodes. Its title is what one takes it by; all that lies in it comes along. */
export const FrameNode = memo(function FrameNode({ id, data, selected }) {
  const actions = useActions();
  const [editing, setEditing] = useState(false);
  const { text, colour } = data.record;
  const resized = (_, { x, y, width, height }) => actions.setMark(id, {
    x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height),
  });
  return (
    <div data-testid={`mark:${id}`} className={`frame colour-${colour} ${selected ? 'selected' : ''}`}>
      <NodeResizer isVisible={selected} minWidth={MIN} minHeight={MIN} onResizeEnd={resized} />
      <div className="frame-title" onPointerDownCapture={() => !selected && actions.grabFrame(id)} onDoubleClick={() => setEditing(true)}>
        {editing
          ? <span className="nodrag" onBlur={() => setEditing(false)}><DraftInput autoFocus aria-label="Title of the frame" value={text} {...asText} onCommit={(next) => actions.setMark(id, { text: next ?? '' })} /></span>
          : <span className={text ? '' : 'quiet'}>{text || 'Frame'}</span>}
      </div>
    </div>
  );
});
