import { memo } from 'react';
import { useRecords, useStoreOf, useValue } from '../context.js';
import { ManyInspector } from './ManyInspector.jsx';
import { MarkInspector } from './MarkInspector.jsx';
import { NetworkSummary } from './NetworkSummary.jsx';
import { NodeInspector } from './NodeInspector.jsx';

/** What is known and can be set of the selected node; of the network where nothing is selected. */
export const Inspector = memo(function Inspector({ nodes, marks }) {
  const records = useRecords();
  // What is known of a kind may come after the nodes, and a node's ports with its shapes.
  const store = useStoreOf();
  useValue(store.kinds);
  useValue(store.ports);
  useValue(store.totals);
  const there = nodes.filter((id) => records.nodes[id]);
  return (
    <aside className="inspector" data-testid="inspector" aria-label="Inspector">
      {marks.length === 1 && records.marks[marks[0]] && <MarkInspector key={marks[0]} id={marks[0]} mark={records.marks[marks[0]]} />}
      {there.length === 1 && <NodeInspector key={there[0]} id={there[0]} record={records.nodes[there[0]]} />}
      {there.length > 1 && <ManyInspector nodes={there.map((id) => [id, records.nodes[id]])} />}
      {there.length === 0 && !marks.length && <NetworkSummary />}
    </aside>
  );
});
