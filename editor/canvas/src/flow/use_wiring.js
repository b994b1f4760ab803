import { useMemo, useRef } from 'react';
import { parseHandle } from '../model/ports.js';
import { bestEnd, refusal } from '../model/wiring.js';

/** An end of a wire, from React Flow's ids. */
function endOf(store, node, handle) {
  const { side, port } = parseHandle(handle);
  const many = side === 'in' && store.isMany(store.drawing.records().nodes[node], port);
  return { node, port, side, many };
}

/** React Flow's handlers for drawing wires and for leading their ends elsewhere. */
export function useWiring(store, actions) {
  // The wire whose end is in the hand; what it does not reach any more is free.
  const held = useRef(null);
  return useMemo(() => {
    const records = () => {
      const all = store.drawing.records();
      if (!held.current) return all;
      return { ...all, wires: Object.fromEntries(Object.entries(all.wires).filter(([id]) => id !== held.current)) };
    };
    const ends = ({ source, sourceHandle, target, targetHandle }) => [endOf(store, source, sourceHandle), endOf(store, target, targetHandle)];
    const join = (wire, first, second) => (wire ? actions.rewire(wire, first, second) : actions.connect(first, second));

    /** A wire was let go over a node's body: it goes where it fits best. */
    const dropOn = (node, from, wire) => {
      if (node === from.node) return undefined;
      const ports = from.side === 'out' ? store.portsOf(node).inputs : store.portsOf(node).outputs;
      const there = ports.map(({ name, many }) => ({ node, port: name, many, side: from.side === 'out' ? 'in' : 'out' }));
      const end = bestEnd(records(), from, there);
      if (end) return join(wire, from, end);
      return store.say(there.length ? refusal(records(), from, there[0]) : 'This node has no port on that side.');
    };
    return {
      isValidConnection: (connection) => !refusal(records(), ...ends(connection)),
      onConnect: (connection) => actions.connect(...ends(connection)),
      onConnectEnd: (event, { isValid, fromHandle, toHandle }) => {
        if (isValid || !fromHandle) return undefined;
        const from = endOf(store, fromHandle.nodeId, fromHandle.id);
        if (toHandle) return store.say(refusal(records(), from, endOf(store, toHandle.nodeId, toHandle.id)));
        const { clientX, clientY } = event.changedTouches?.[0] ?? event;
        const target = event.composedPath().find((element) => element.classList?.contains('react-flow__node'));
        if (target) return dropOn(target.dataset.id, from, held.current);
        return held.current ? undefined : actions.openSearch([clientX, clientY], from);
      },
      onReconnectStart: (_event, wire) => { held.current = wire.id; },
      onReconnect: (wire, connection) => actions.rewire(wire.id, ...ends(connection)),
      onReconnectEnd: () => { held.current = null; },
    };
  }, [store, actions]);
}
