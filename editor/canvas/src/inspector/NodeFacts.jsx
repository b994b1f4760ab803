import { useMemo } from 'react';
import { useRecords, useStoreOf } from '../context.js';
import { countText } from '../model/text.js';
import { Fact } from './Fact.jsx';
import { ShapeFact } from './ShapeFact.jsx';

/** Shapes in and out, parameters, and whether the node is muted or shares its weights. */
export function NodeFacts({ id, record, status }) {
  const store = useStoreOf();
  const { nodes, wires } = useRecords();
  const inputs = useMemo(() => Object.values(wires).filter(({ target }) => target[0] === id), [wires, id]);
  return (
    <dl className="facts inspector-part">
      {inputs.map(({ source, target }) => (
        <ShapeFact key={`${target[1]} ${target[2]} ${source[0]}`} name={`in: ${target[1]}`} node={source[0]} output={source[1]} />
      ))}
      {store.portsOf(id).outputs.map(({ name }) => <ShapeFact key={name} name={`out: ${name}`} node={id} output={name} />)}
      {status?.parameters != null && <Fact name="parameters" value={countText(status.parameters)} />}
      {record.shares && <Fact name="weights of" value={nodes[record.shares]?.label || record.shares} />}
      {record.muted && <Fact name="muted" value="passes its input on" />}
    </dl>
  );
}
