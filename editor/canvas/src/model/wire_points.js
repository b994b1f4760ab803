// The points that a wire is led through: marks that name it, in their order from source to target.
import { newId } from './ids.js';

// The side of a point's knob; a wire goes through its middle.
export const POINT = 12;

const NONE = [];

/** `{wire: [[id, x, y], …]}`: the middles of the points. */
export function pointsByWire(marks) {
  const found = {};
  const points = Object.entries(marks).filter(([, { kind }]) => kind === 'point')
    .sort(([, one], [, other]) => (one.order ?? 0) - (other.order ?? 0));
  for (const [id, { wire, x, y, width, height }] of points) (found[wire] ??= []).push([id, x + width / 2, y + height / 2]);
  return found;
}

export function pointsOf(marks, wire) {
  return pointsByWire(marks)[wire] ?? NONE;
}

/** The marks without the points of wires that are gone; the same object where there are none. */
export function withoutLoosePoints(marks, wires) {
  const loose = Object.entries(marks).filter(([, { kind, wire }]) => kind === 'point' && !wires[wire]);
  if (!loose.length) return marks;
  const kept = { ...marks };
  for (const [id] of loose) delete kept[id];
  return kept;
}

const away = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay);

/** Into which piece of the way between stops a point goes: the one that it makes least longer. */
export function pieceAt(stops, at) {
  const detour = (index) => away(stops[index], at) + away(at, stops[index + 1]) - away(stops[index], stops[index + 1]);
  return stops.slice(1).reduce((best, _, index) => (detour(index) < detour(best) ? index : best), 0);
}

/** The middle of the longest piece, and which one that is. */
export function roomiest(stops) {
  const length = (index) => away(stops[index], stops[index + 1]);
  const index = stops.slice(1).reduce((best, _, each) => (length(each) > length(best) ? each : best), 0);
  const [[ax, ay], [bx, by]] = [stops[index], stops[index + 1]];
  return { index, at: [(ax + bx) / 2, (ay + by) / 2] };
}

/** The change that leads a wire through a point more, behind `index` of those that it has. */
export function leadChange(marks, wire, index, [x, y]) {
  const orders = pointsOf(marks, wire).map(([id]) => marks[id].order ?? 0);
  const [before, after] = [orders[index - 1], orders[index]];
  const order = before === undefined ? (after ?? 1) - 1 : after === undefined ? before + 1 : (before + after) / 2;
  const mark = { kind: 'point', x: Math.round(x - POINT / 2), y: Math.round(y - POINT / 2), width: POINT, height: POINT, wire, order };
  return { change: 'put-mark', id: newId('point', marks), mark };
}

/** Changes that give a wire's points to the wire that takes its place. */
export function handedOn(marks, wire, heir) {
  return pointsOf(marks, wire).map(([id]) => ({ change: 'put-mark', id, mark: { ...marks[id], wire: heir } }));
}

/** Changes that lead a wire through points of others, in this order; those that are `taken` already, through copies. */
export function ledThrough(marks, ids, wire, taken) {
  return ids.map((from, order) => {
    const id = taken[from] ? newId('point', { ...marks, ...taken }) : from;
    taken[id] = true;
    return { change: 'put-mark', id, mark: { ...marks[from], wire, order } };
  });
}

/**
 * The ids of a wire's points on both sides of a box `[left, top, right, bottom]` that is put into it. Points behind the box
 * are left out: through them the wire would turn back under it.
 */
export function partedBy(marks, wire, start, end, [left, top, right, bottom]) {
  const points = pointsOf(marks, wire);
  const at = [(left + right) / 2, (top + bottom) / 2];
  const index = pieceAt([start, ...points.map(([, x, y]) => [x, y]), end], at);
  const free = ([, x, y]) => x < left || x > right || y < top || y > bottom;
  return [points.slice(0, index), points.slice(index)].map((side) => side.filter(free).map(([id]) => id));
}
