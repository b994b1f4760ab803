import { useStore } from '@xyflow/react';
import { useActions } from '../context.js';
import { ToolButton } from './ToolButton.jsx';
import { ToolMenu } from './ToolMenu.jsx';

const percent = (state) => Math.round(state.transform[2] * 100);

/** How the drawing is looked at, and what is done with it as a whole; where there is little room, most of it in a menu. */
export function ViewTools({ narrow }) {
  const actions = useActions();
  const zoom = useStore(percent);
  const fit = (
    <button type="button" className="zoom" title="Fit to view (F)" aria-label={`Zoom ${zoom} percent, fit to view`} onClick={actions.fit}>{zoom} %</button>
  );
  if (narrow) {
    const more = [
      ['note', 'Write a note', 'N', actions.note],
      ['minus', 'Zoom out', '', actions.zoomOut],
      ['plus', 'Zoom in', '', actions.zoomIn],
      ['fit', 'Fit to view', 'F', actions.fit],
      ['picture', 'Save as a picture', '', actions.savePicture],
      ['help', 'Keys and mouse', '?', actions.openHelp],
    ];
    return <>{fit}<ToolMenu icon="more" label="More" items={more} atEnd /></>;
  }
  return (
    <>
      <ToolButton icon="minus" label="Zoom out" onClick={actions.zoomOut} />
      {fit}
      <ToolButton icon="plus" label="Zoom in" onClick={actions.zoomIn} />
      <ToolButton icon="fit" label="Fit to view" keys="F" onClick={actions.fit} />
      <span className="divider" />
      <ToolButton icon="picture" label="Save as a picture, with the notebook inside" onClick={actions.savePicture} />
      <ToolButton icon="help" label="Keys and mouse" keys="?" onClick={actions.openHelp} />
    </>
  );
}
