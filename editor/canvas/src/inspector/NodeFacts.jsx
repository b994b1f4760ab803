import { useMemo } from 'react';
import { useRecords, useStoreOf } from '../context.js';
import { countText, shapeText } from '../model/text.js';

function ShapeFact({ name, shape }) {
  return <div className="fact"><dt>{name}</dt><dd className="mono">{shapeText(shape) || '–'}</dd></div>;
}

/** Shapes in and out, parameters, and whether the node is muted or shares its weights. */
export function NodeFacts({ id, record, status }) {
  const store = useStoreOf();
  const { nodes, wires } = useRecords();
  const inputs = useMemo(() => Object.values(wires).filter(({ target }) => target[0] === id), [wires, id]);
  return (
    <dl className="facts inspector-part">
      {inputs.map(({ source, target }) => (
        <ShapeFact key={`${target[1]} ${target[2]} ${source[0]}`} name={`in: ${target[1]}`} shape={store.status.get(source[0])?.shapes?.[source[1]]} />
      ))}
      {store.portsOf(id).outputs.map(({ name }) => <ShapeFact key={name} name={`out: ${name}`} shape={status?.shapes?.[name]} />)}
      {status?.parameters != null && <div className="fact"><dt>parameters</dt><dd>{countText(status.parameters)}</dd></div>}
      {record.shares && <div className="fact"><dt>weights of</dt><dd>{nodes[record.shares]?.label || record.shares}</dd></div>}
      {record.muted && <div className="fact"><dt>muted</dt><dd>passes its input on</dd></div>}
    </dl>
  );
}
