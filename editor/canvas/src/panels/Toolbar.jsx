import { memo } from 'react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { SelectionTools } from './SelectionTools.jsx';
import { ToolButton } from './ToolButton.jsx';
import { ToolMenu } from './ToolMenu.jsx';
import { useNarrow } from './use_narrow.js';
import { ViewTools } from './ViewTools.jsx';

// All buttons side by side are as wide as that.
const WHOLE = 800;

/** What can be done to the drawing; what has no room is folded into menus. */
export const Toolbar = memo(function Toolbar({ palette, inspector, snap, count }) {
  const store = useStoreOf();
  const actions = useActions();
  const { undo, redo } = useValue(store.history);
  const [box, narrow] = useNarrow(WHOLE);
  const what = count > 1 ? 'the selection' : 'all';
  const arrange = [
    ['layout', `Arrange ${what}, left to right`, 'L', () => actions.layout('right')],
    ['topdown', `Arrange ${what}, top down`, 'Shift+L', () => actions.layout('down')],
    ['grid', snap ? 'Do not snap to the grid' : 'Snap to the grid', '', () => actions.setSnap(!snap)],
  ];
  return (
    <div ref={box} className="toolbar" role="toolbar" aria-label="Canvas">
      <ToolButton icon="panel" label="Palette" pressed={palette} onClick={actions.togglePalette} />
      <span className="divider" />
      <ToolButton icon="undo" testid="undo" label={undo ? `Undo: ${undo}` : 'Nothing to undo'} keys="Ctrl+Z" disabled={!undo} onClick={actions.undo} />
      <ToolButton icon="redo" testid="redo" label={redo ? `Redo: ${redo}` : 'Nothing to redo'} keys="Ctrl+Shift+Z" disabled={!redo} onClick={actions.redo} />
      <span className="divider" />
      <ToolButton icon="plus" label="Add a node" keys="/" onClick={() => actions.openSearch()} />
      {!narrow && <ToolButton icon="note" label="Write a note" keys="N" onClick={actions.note} />}
      <ToolButton icon="search" label="Find in the network" keys="Ctrl+F" onClick={actions.openFind} />
      <ToolMenu icon="layout" label="Arrange" items={arrange} />
      <span className="divider" />
      <SelectionTools count={count} narrow={narrow} />
      <span className="stretch" />
      <ViewTools narrow={narrow} />
      <ToolButton icon="details" label="Inspector" pressed={inspector} onClick={actions.toggleInspector} />
    </div>
  );
});
