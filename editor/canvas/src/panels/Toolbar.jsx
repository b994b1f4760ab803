import { useStore } from '@xyflow/react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { SelectionTools } from './SelectionTools.jsx';
import { ToolButton } from './ToolButton.jsx';
import { ToolMenu } from './ToolMenu.jsx';

const percent = (state) => Math.round(state.transform[2] * 100);

export function Toolbar({ palette, inspector, snap, count }) {
  const store = useStoreOf();
  const actions = useActions();
  const { undo, redo } = useValue(store.history);
  const zoom = useStore(percent);
  const what = count > 1 ? 'the selection' : 'all';
  const arrange = [
    ['layout', `Arrange ${what}, left to right`, 'L', () => actions.layout('right')],
    ['topdown', `Arrange ${what}, top down`, 'Shift+L', () => actions.layout('down')],
    ['grid', snap ? 'Do not snap to the grid' : 'Snap to the grid', '', () => actions.setSnap(!snap)],
  ];
  return (
    <div className="toolbar" role="toolbar" aria-label="Canvas">
      <ToolButton icon="panel" label="Palette" pressed={palette} onClick={actions.togglePalette} />
      <span className="divider" />
      <ToolButton icon="undo" testid="undo" label={undo ? `Undo: ${undo}` : 'Nothing to undo'} keys="Ctrl+Z" disabled={!undo} onClick={actions.undo} />
      <ToolButton icon="redo" testid="redo" label={redo ? `Redo: ${redo}` : 'Nothing to redo'} keys="Ctrl+Shift+Z" disabled={!redo} onClick={actions.redo} />
      <span className="divider" />
      <ToolButton icon="plus" label="Add a node" keys="/" onClick={() => actions.openSearch()} />
      <ToolButton icon="note" label="Write a note" keys="N" onClick={actions.note} />
      <ToolButton icon="search" label="Find in the network" keys="Ctrl+F" onClick={actions.openFind} />
      <ToolMenu icon="layout" label="Arrange" items={arrange} />
      <span className="divider" />
      <SelectionTools count={count} />
      <span className="stretch" />
      <ToolButton icon="minus" label="Zoom out" onClick={actions.zoomOut} />
      <button type="button" className="zoom" title="Fit to view (F)" aria-label={`Zoom ${zoom} percent, fit to view`} onClick={actions.fit}>{zoom} %</button>
      <ToolButton icon="plus" label="Zoom in" onClick={actions.zoomIn} />
      <ToolButton icon="fit" label="Fit to view" keys="F" onClick={actions.fit} />
      <span className="divider" />
      <ToolButton icon="picture" label="Save as a picture, with the notebook inside" onClick={actions.savePicture} />
      <ToolButton icon="help" label="Keys and mouse" keys="?" onClick={actions.openHelp} />
      <ToolButton icon="details" label="Inspector" pressed={inspector} onClick={actions.toggleInspector} />
    </div>
  );
}
