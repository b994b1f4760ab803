import { useActions } from '../context.js';
import { ToolButton } from './ToolButton.jsx';
import { ToolMenu } from './ToolMenu.jsx';

/** What can be done with the selected nodes; `narrow`: in menus alone. */
export function SelectionTools({ count, narrow }) {
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
  // [icon, label, keys, perform]
  const single = [
    ['duplicate', 'Duplicate', 'Ctrl+D', actions.duplicate],
    ['swap', 'Swap for another kind', 'S', actions.openSwap],
    ['mute', 'Mute or wake', 'M', actions.mute],
    ['bypass', 'Delete and keep the flow', 'Ctrl+Delete', actions.bypass],
    ['frame', 'Draw a frame around it', 'G', actions.frame],
  ];
  return (
    <>
      {narrow
        ? <ToolMenu icon="swap" label="Change the selection" items={single} disabled={!count} />
        : single.map(([icon, label, keys, perform]) => <ToolButton key={icon} icon={icon} label={label} keys={keys} disabled={!count} onClick={perform} />)}
      <ToolMenu icon="nest" label="Networks" items={nest} disabled={!count} />
      <ToolMenu icon="select" label="Select more" items={choose} disabled={!count} />
      <ToolMenu icon="align" label="Align and distribute" items={align} disabled={count < 2} />
    </>
  );
}
