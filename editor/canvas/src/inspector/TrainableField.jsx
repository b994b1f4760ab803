import { useActions, useStatus, useStoreOf } from '../context.js';
import { kindText } from '../model/kinds.js';
import { isFrozen, mayTrain } from '../model/trainable.js';
import { SwitchField } from './SwitchField.jsx';

/** Whether training changes the weights of these nodes, `[id, record]`; for nodes that have some. */
export function TrainableField({ nodes }) {
  const store = useStoreOf();
  const actions = useActions();
  const [[first]] = nodes;
  useStatus(first);
  const weighted = nodes.filter(([id, record]) => mayTrain(record, store.kind(record.kind), store.status.get(id)));
  if (!weighted.length) return null;
  const frozen = weighted.some(([, record]) => isFrozen(record));
  const who = nodes.length > 1 ? `${weighted.length} nodes` : nodes[0][1].label || kindText(nodes[0][1].kind);
  const set = () => actions.perform({
    label: `${frozen ? 'Train' : 'Freeze'} ${who}`,
    changes: weighted.filter(([, record]) => isFrozen(record) === frozen).map(([node]) => (frozen
      ? { change: 'unset-parameter', node, parameter: 'trainable' }
      : { change: 'set-parameter', node, parameter: 'trainable', value: false })),
  });
  return (
    <section className="inspector-part">
      <div className={`field ${frozen ? 'changed' : ''}`}>
        <label className="field-name" htmlFor={`trainable-${first}`} title="Whether training changes these weights">trainable</label>
        <SwitchField id={`trainable-${first}`} parameter={{ default: true }} value={!frozen} onChange={set} />
      </div>
    </section>
  );
}
