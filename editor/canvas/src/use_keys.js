import { useEffect } from 'react';

const STEP = 8;
const FAR = 32;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Several network cells may stand on one page; keys go to the one that was touched last.
let active = null;

// By the sign and not by the key: on many keyboards these need Shift or AltGr.
const SIGNS = {
  '/': (actions) => () => actions.openSearch(), '?': (actions) => actions.openHelp,
  '[': (actions) => actions.selectUpstream, ']': (actions) => actions.selectDownstream, '\\': (actions) => actions.selectBetween,
};

const isField = (element) => element?.matches?.('input, textarea, select, [contenteditable=""], [contenteditable="true"]');

/** Whether an event of the page is meant for the canvas at `root`. Inside a shadow root `target` lies, the path does not. */
export function concerns(event, root) {
  const path = event.composedPath();
  if (isField(path[0])) return false;
  if (path.includes(root)) return true;
  return active === root && (path[0] === document.body || path[0] === document || path[0] === window);
}

// In a list or a toolbar the arrows and Delete belong to what has the focus there.
const inPanel = (event) => event.composedPath().some((element) => element.matches?.('.palette, .inspector, .problems, .toolbar, .search'));

// These hear their keys themselves.
const inDialog = (event) => event.composedPath().some((element) => element.matches?.('.shortcuts, .find, .menu'));

function command(event, actions) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey) return SIGNS[event.key]?.(actions) ?? null;
    if (key === 'g') return event.shiftKey ? actions.unpack : actions.makeNetwork;
    if (key === 'z') return event.shiftKey ? actions.redo : actions.undo;
    return {
      y: actions.redo, d: actions.duplicate, a: actions.selectAll, f: actions.openFind, delete: actions.bypass, backspace: actions.bypass,
    }[key] ?? null;
  }
  if (event.altKey) return SIGNS[event.key]?.(actions) ?? null;
  if (event.key in SIGNS) return SIGNS[event.key](actions);
  const shifted = { a: () => actions.openSearch(), l: () => actions.layout('down'), f: actions.fitSelection }[key];
  if (event.shiftKey && shifted) return shifted;
  if (inPanel(event) && (event.key in ARROWS || key === 'delete' || key === 'backspace')) return null;
  if (event.key in ARROWS) {
    const [dx, dy] = ARROWS[event.key].map((side) => side * (event.shiftKey ? FAR : STEP));
    return () => actions.nudge(dx, dy);
  }
  if (event.shiftKey) return null;
  return {
    delete: actions.remove, backspace: actions.remove,
    m: actions.mute, g: actions.frame, n: actions.note, r: actions.leadSelected, s: actions.openSwap, w: actions.openWires, f: actions.fit,
    l: () => actions.layout('right'), escape: actions.leaveOrClear,
  }[key] ?? null;
}

function focused(event, name) {
  const element = event.composedPath()[0];
  return element?.classList?.contains(name) ? element.dataset.id : null;
}

export function useKeys(root, actions) {
  useEffect(() => {
    const element = root.current;
    const touch = (event) => {
      const mine = event.composedPath().includes(element);
      if (mine) active = element;
      else if (active === element && event.type === 'pointerdown') active = null;
      element.toggleAttribute('data-active', active === element);
    };
    const press = (event) => {
      if (event.defaultPrevented || !concerns(event, element) || inDialog(event)) return;
      const node = focused(event, 'react-flow__node');
      const wire = focused(event, 'react-flow__edge');
      if ((node || wire) && (event.key === 'Enter' || event.key === ' ')) {
        event.preventDefault();
        event.stopPropagation();
        if (event.ctrlKey || event.metaKey) actions.selectMore(node ?? wire);
        else if (node && event.key === 'Enter' && actions.isEntered(node)) actions.enter(node);
        else if (node) actions.select([node]);
        else actions.select([], [wire]);
        return;
      }
      const perform = command(event, actions);
      if (!perform) return;
      event.preventDefault();
      event.stopPropagation();
      perform();
    };
    window.addEventListener('pointerdown', touch, true);
    element.addEventListener('focusin', touch);
    // Before the page's own shortcuts: it takes Ctrl-Z too where no canvas is in use.
    window.addEventListener('keydown', press, true);
    return () => {
      if (active === element) active = null;
      window.removeEventListener('pointerdown', touch, true);
      element.removeEventListener('focusin', touch);
      window.removeEventListener('keydown', press, true);
    };
  }, [root, actions]);
}
