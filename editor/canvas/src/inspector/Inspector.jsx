import { useRecords } from '../context.js';
import { ManyInspector } from './ManyInspector.jsx';
import { NetworkSummary } from './NetworkSummary.jsx';
import { NodeInspector } from './NodeInspector.jsx';

/** What is known and can be set of the selected node; of the network where nothing is selected. */
export function Inspector({ nodes }) {
  const records = useRecords();
  const there = nodes.filter((id) => records.nodes[id]);
  return (
    <aside className="inspector" data-testid="inspector" aria-label="Inspector">
      {there.length === 1 && <NodeInspector key={there[0]} id={there[0]} record={records.nodes[there[0]]} />}
      {there.length > 1 && <ManyInspector nodes={there.map((id) => [id, records.nodes[id]])} />}
      {there.length === 0 && <NetworkSummary />}
    </aside>
  );
}
