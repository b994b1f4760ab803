import { useMemo, useRef } from 'react';

/** React Flow's handlers for dragging nodes: with Alt a copy goes, and a loose node may be dropped on a wire. */
export function useDragging(store, actions, { settle }) {
  const drag = useRef({});
  return useMemo(() => {
    const aim = (wire) => store.aims.take(wire ? { [wire]: true } : {}, true);
    const isLoose = (id) => store.drawing.records().nodes[id] && !Object.values(store.drawing.records().wires).some(({ source, target }) => source[0] === id || target[0] === id);
    const wireUnder = (event, nodes) => {
      const { clientX, clientY } = event.changedTouches?.[0] ?? event;
      return nodes.length === 1 && drag.current.loose ? actions.wireAt([clientX, clientY]) : null;
    };
    const start = (event, nodes) => {
      const ids = nodes.map(({ id }) => id);
      drag.current = { copies: event.altKey, loose: !event.altKey && ids.length === 1 && isLoose(ids[0]) };
    };
    const stop = (event, nodes) => {
      const { copies } = drag.current;
      const wire = wireUnder(event, nodes);
      aim(null);
      if (wire) return actions.movedInto(wire, nodes[0]);
      if (!copies) return actions.moved(nodes);
      const { nodes: known, layout, marks } = store.drawing.records();
      const dragged = nodes.filter(({ id }) => known[id] || (marks[id] && marks[id].kind !== 'point'));
      settle();
      if (!dragged.length) return undefined;
      const [{ id, position: { x, y } }] = dragged;
      const [left, top] = marks[id] ? [marks[id].x, marks[id].y] : layout[id] ?? [0, 0];
      return actions.duplicateAt(dragged.map((node) => node.id), [Math.round(x - left), Math.round(y - top)]);
    };
    return {
      onNodeDragStart: (event, _node, nodes) => start(event, nodes),
      onNodeDrag: (event, _node, nodes) => drag.current.loose && aim(wireUnder(event, nodes)),
      onNodeDragStop: (event, _node, nodes) => stop(event, nodes),
      onSelectionDragStart: start,
      onSelectionDragStop: stop,
    };
  }, [store, actions, settle]);
}
