// Every key and mouse habit of the canvas, as `?` shows them.
export const SHORTCUTS = [
  ['Add', [
    ['/, Shift+A, double-click', 'Add a node: name and arguments'],
    ['Drag from a port', 'Draw a wire; let go on empty canvas to add a node'],
    ['Drag a node onto a wire', 'Put it into the wire'],
    ['Drag a wire’s end', 'Lead the wire to another port'],
    ['Alt+drag', 'Drag a copy'],
    ['Ctrl+D', 'Duplicate'],
    ['Ctrl+C, Ctrl+X, Ctrl+V', 'Copy, cut, paste; also between windows'],
  ]],
  ['Change', [
    ['Delete, Backspace', 'Delete'],
    ['Ctrl+Delete', 'Delete and keep the flow'],
    ['M', 'Mute: pass the input on'],
    ['S', 'Swap for another kind'],
    ['Ctrl+Z', 'Undo'],
    ['Ctrl+Shift+Z, Ctrl+Y', 'Redo'],
  ]],
  ['Select', [
    ['Click, Enter', 'Select a node; with Ctrl add it'],
    ['Shift+drag', 'Select in a box'],
    ['Ctrl+A', 'Select all'],
    ['[', 'Add what feeds the selection'],
    [']', 'Add what the selection feeds'],
    ['\\', 'Add what lies between'],
    ['Escape', 'Select nothing'],
    ['Tab', 'Go from node to node'],
  ]],
  ['Arrange', [
    ['L', 'Arrange all, or the selection, left to right'],
    ['Shift+L', 'The same, top down'],
    ['Arrow keys, with Shift further', 'Nudge the selection'],
  ]],
  ['Look', [
    ['F', 'Fit to view'],
    ['Shift+F', 'Zoom to the selection'],
    ['Ctrl+F', 'Find by name, kind, shape or problem'],
    ['Hold P', 'Name all ports'],
    ['Drag, Ctrl+wheel', 'Pan, zoom'],
    ['?', 'Show this list'],
  ]],
];
