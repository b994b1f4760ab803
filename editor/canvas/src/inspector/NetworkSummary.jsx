import { useRecords, useStoreOf, useValue } from '../context.js';
import { countText } from '../model/text.js';
import { Fact } from './Fact.jsx';
import { NetworkParameters } from './NetworkParameters.jsx';

export function NetworkSummary() {
  const store = useStoreOf();
  const name = useValue(store.name);
  const totals = useValue(store.totals);
  const problems = useValue(store.problems);
  const { nodes, wires } = useRecords();
  return (
    <section className="inspector-part">
      <h3>{name || 'Network'}</h3>
      <dl className="facts">
        <Fact name="Layers" value={totals.layers ?? '–'} />
        <Fact name="Parameters" value={totals.parameters == null ? '–' : countText(totals.parameters)} />
        <Fact name="Nodes" value={Object.keys(nodes).length} />
        <Fact name="Wires" value={Object.keys(wires).length} />
        <Fact name="Problems" value={problems.length} />
      </dl>
      <NetworkParameters name={name} />
      <p className="quiet">Select a node to see and set its parameters.</p>
    </section>
  );
}
