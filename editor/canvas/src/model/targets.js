// Where a node's wires may go: for those who draw without a mouse.
import { refusal } from './wiring.js';

const nameOf = (records, id) => records.nodes[id].label || records.nodes[id].kind;

/**
 * Pairs of ends that a wire from or to this node may join: `{from, to, text}`, free ports first. `portsOf(id)` are a node's
 * inputs and outputs.
 */
export function wireTargets(records, node, portsOf) {
  const taken = new Set(Object.values(records.wires).map(({ target }) => `${target[0]} ${target[1]}`));
  const rows = [];
  const offer = (from, to, there) => {
    if (refusal(records, from, to)) return;
    const busy = !to.many && taken.has(`${to.node} ${to.port}`);
    const own = there === to ? from : to;
    const arrow = there === to ? '→' : '←';
    rows.push({ from, to, busy, text: `${own.port} ${arrow} ${nameOf(records, there.node)} · ${there.port}` });
  };
  for (const id of Object.keys(records.nodes)) {
    if (id === node) continue;
    for (const { name } of portsOf(node).outputs) {
      const from = { node, port: name, side: 'out' };
      for (const { name: port, many } of portsOf(id).inputs) {
        const to = { node: id, port, many, side: 'in' };
        offer(from, to, to);
      }
    }
    for (const { name, many } of portsOf(node).inputs) {
      const to = { node, port: name, many, side: 'in' };
      for (const { name: port } of portsOf(id).outputs) {
        const from = { node: id, port, side: 'out' };
        offer(from, to, from);
      }
    }
  }
  return rows.sort((one, other) => Number(one.busy) - Number(other.busy));
}
