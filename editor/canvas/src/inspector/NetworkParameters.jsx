import { useActions, useStoreOf, useValue } from '../context.js';
import { Icon } from '../Icon.jsx';
import { ParameterField } from './ParameterField.jsx';

/** What nodes that stand for this network may set: each parameter with its default. */
export function NetworkParameters({ name }) {
  const store = useStoreOf();
  const actions = useActions();
  const { kinds } = useValue(store.kinds);
  const { trainable: _every, ...parameters } = kinds[`network:${name}`]?.parameters ?? {};
  const entries = Object.entries(parameters);
  if (!entries.length) return null;
  const set = (key, value, label) => actions.perform({ label, changes: [{ change: 'set-field', field: 'parameters', key, value }] });
  return (
    <div className="network-parameters">
      <h4>Parameters of the network</h4>
      {entries.map(([key, parameter]) => (
        <div key={key} className="network-parameter">
          <ParameterField
            id={`network-${key}`} name={key} parameter={{ ...parameter, required: true }} value={parameter.default}
            onChange={(value) => value !== undefined && set(key, { ...parameter, nullable: undefined, default: value }, `Set the default of ${key}`)}
          />
          <button type="button" className="reset" title="Remove this parameter" aria-label={`Remove parameter ${key}`} onClick={() => set(key, null, `Remove parameter ${key}`)}><Icon name="close" size={12} /></button>
        </div>
      ))}
    </div>
  );
}
