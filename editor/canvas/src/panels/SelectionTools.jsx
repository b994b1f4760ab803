import { useActions } from '../context.js';
import { ToolButton } from './ToolButton.jsx';
import { ToolMenu } from './ToolMenu.jsx';

/** What can be done with the selected nodes. */
export function SelectionTools({ count }) {
  const actions = useActions();
  const choose = [
    ['upstream', 'What feeds it', '[', actions.selectUpstream],
    ['downstream', 'What it feeds', ']', actions.selectDownstream],
    ['between', 'What lies between', '\\', actions.selectBetween],
    ['all', 'All', 'Ctrl+A', actions.selectAll],
  ];
  const nest = [
    ['nest', 'Make a network of the selection', 'Ctrl+G', actions.makeNetwork],
    ['enter', 'Enter the network', 'double-click', () => actions.enter()],
    ['unpack', 'Unpack: put its nodes back', 'Ctrl+Shift+G', actions.unpack],
    ['unique', 'Make it unique: a copy of its own', '', actions.makeUnique],
  ];
  const align = [
    ['left', 'Align left', '', () => actions.align('left')],
    ['centre', 'Align centres', '', () => actions.align('centre')],
    ['right', 'Align right', '', () => actions.align('right')],
    ['top', 'Align top', '', () => actions.align('top')],
    ['middle', 'Align middles', '', () => actions.align('middle')],
    ['bottom', 'Align bottom', '', () => actions.align('bottom')],
    ['across', 'Distribute across', '', () => actions.distribute(0)],
    ['down', 'Distribute down', '', () => actions.distribute(1)],
  ];
  return (
    <>
      <ToolButton icon="duplicate" label="Duplicate" keys="Ctrl+D" disabled={!count} onClick={actions.duplicate} />
      <ToolButton icon="swap" label="Swap for another kind" keys="S" disabled={!count} onClick={actions.openSwap} />
      <ToolButton icon="mute" label="Mute or wake" keys="M" disabled={!count} onClick={actions.mute} />
      <ToolButton icon="bypass" label="Delete and keep the flow" keys="Ctrl+Delete" disabled={!count} onClick={actions.bypass} />
      <ToolButton icon="frame" label="Draw a frame around it" keys="G" disabled={!count} onClick={actions.frame} />
      <ToolMenu icon="nest" label="Networks" items={nest} disabled={!count} />
      <ToolMenu icon="select" label="Select more" items={choose} disabled={!count} />
      <ToolMenu icon="align" label="Align and distribute" items={align} disabled={count < 2} />
    </>
  );
}
