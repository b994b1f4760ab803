import { useMemo, useRef } from 'react';

/**
 * React Flow's handlers for clicks, and for where the view comes to rest. They stay the same for as long as the canvas stands:
 * with each new one React Flow would render every node in sight.
 */
export function useClicks(actions, memory, selected) {
  const chosen = useRef(selected);
  chosen.current = selected;
  return useMemo(() => ({
    onDoubleClick: (event) => {
      if (event.target.classList.contains('react-flow__pane')) actions.openSearch([event.clientX, event.clientY]);
    },
    onNodeDoubleClick: (_event, { id }) => actions.enter(id),
    onEdgeDoubleClick: (event, { id }) => actions.leadThroughScreen(id, [event.clientX, event.clientY]),
    // React Flow leaves the others selected when one of several is clicked.
    onNodeClick: (event, { id }) => {
      if (chosen.current.length > 1 && !event.ctrlKey && !event.metaKey && !event.shiftKey) actions.select([id]);
    },
    onMoveEnd: (_event, viewport) => { memory.viewport = viewport; },
  }), [actions, memory]);
}
