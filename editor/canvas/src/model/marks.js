// Frames, notes and the points of wires: React Flow's nodes for them, and the changes that draw frames and notes.
import { newId } from './ids.js';

export const COLOURS = ['grey', 'blue', 'green', 'orange', 'red', 'violet'];
const MARGIN = 24;
const TITLE = 36;
const NOTE = { width: 208, height: 96 };
// Below wires and nodes, also when it is selected; the point of a wire above them.
const BELOW = -2000;
const ABOVE = 2000;
const WORDS = { frame: 'Frame', note: 'Note' };

function flowMark(id, mark, old) {
  const { kind, x, y, width, height } = mark;
  return {
    ...old, id, type: kind, position: { x, y }, width, height, measured: { width, height }, handles: [], data: { record: mark },
    ...(kind === 'frame' && { zIndex: BELOW, dragHandle: '.frame-title' }),
    ...(kind === 'point' && { zIndex: ABOVE }),
    ariaLabel: kind === 'point' ? 'Point that a wire is led through' : `${WORDS[kind]} ${mark.text || 'without a text'}`,
  };
}

/** React Flow's nodes for the marks; one that is in the hand stays as it is. */
export function flowMarks(previous, marks, chosen = null) {
  const old = new Map(previous.map((node) => [node.id, node]));
  return Object.entries(marks).map(([id, mark]) => {
    const before = old.get(id);
    const kept = before && (before.data.record === mark || before.dragging || before.resizing);
    const node = kept ? before : flowMark(id, mark, before);
    const selected = chosen ? chosen.has(id) : !!node.selected;
    return !!node.selected === selected ? node : { ...node, selected };
  });
}

/** The nodes and notes that lie wholly within a frame. `boxes` are `{id: [left, top, width, height]}`. */
export function contentsOf(frame, boxes) {
  return Object.entries(boxes).filter(([, [x, y, width, height]]) => x >= frame.x && y >= frame.y
    && x + width <= frame.x + frame.width && y + height <= frame.y + frame.height).map(([id]) => id);
}

/** A frame around boxes. */
export function frameAround(marks, boxes) {
  const all = Object.values(boxes);
  const left = Math.min(...all.map(([x]) => x)) - MARGIN;
  const top = Math.min(...all.map(([, y]) => y)) - MARGIN - TITLE;
  const right = Math.max(...all.map(([x, , width]) => x + width)) + MARGIN;
  const bottom = Math.max(...all.map(([, y, , height]) => y + height)) + MARGIN;
  const mark = { kind: 'frame', x: left, y: top, width: right - left, height: bottom - top, text: '', colour: 'blue' };
  return { change: 'put-mark', id: newId('frame', marks), mark };
}

export function noteAt(marks, [x, y]) {
  return { change: 'put-mark', id: newId('note', marks), mark: { kind: 'note', x, y, ...NOTE, text: '', colour: 'grey' } };
}

/** A mark with other fields. */
export function markChange(marks, id, update) {
  return { change: 'put-mark', id, mark: { ...marks[id], ...update } };
}
