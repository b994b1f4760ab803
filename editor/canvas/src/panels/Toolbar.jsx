import { useStore } from '@xyflow/react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { ToolButton } from './ToolButton.jsx';

const percent = (state) => Math.round(state.transform[2] * 100);

export function Toolbar({ palette, inspector, snap }) {
  const store = useStoreOf();
  const actions = useActions();
  const { undo, redo } = useValue(store.history);
  const zoom = useStore(percent);
  return (
    <div className="toolbar" role="toolbar" aria-label="Canvas">
      <ToolButton icon="panel" label="Palette" pressed={palette} onClick={actions.togglePalette} />
      <span className="divider" />
      <ToolButton icon="undo" testid="undo" label={undo ? `Undo: ${undo}` : 'Nothing to undo'} keys="Ctrl+Z" disabled={!undo} onClick={actions.undo} />
      <ToolButton icon="redo" testid="redo" label={redo ? `Redo: ${redo}` : 'Nothing to redo'} keys="Ctrl+Shift+Z" disabled={!redo} onClick={actions.redo} />
      <span className="divider" />
      <ToolButton icon="search" label="Add a node" keys="/" onClick={() => actions.openSearch()} />
      <ToolButton icon="layout" label="Arrange all" keys="L" onClick={actions.layout} />
      <ToolButton icon="grid" label="Snap to grid" pressed={snap} onClick={() => actions.setSnap(!snap)} />
      <span className="stretch" />
      <ToolButton icon="minus" label="Zoom out" onClick={actions.zoomOut} />
      <button type="button" className="zoom" title="Fit to view (F)" aria-label={`Zoom ${zoom} percent, fit to view`} onClick={actions.fit}>{zoom} %</button>
      <ToolButton icon="plus" label="Zoom in" onClick={actions.zoomIn} />
      <ToolButton icon="fit" label="Fit to view" keys="F" onClick={actions.fit} />
      <span className="divider" />
      <ToolButton icon="details" label="Inspector" pressed={inspector} onClick={actions.toggleInspector} />
    </div>
  );
}
