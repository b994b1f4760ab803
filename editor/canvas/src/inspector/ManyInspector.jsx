import { useStoreOf, useValue } from '../context.js';
import { sharedParameters } from '../model/kinds.js';
import { countText, plural } from '../model/text.js';
import { ParameterList } from './ParameterList.jsx';
import { TrainableField } from './TrainableField.jsx';

/** Several selected nodes: the parameters that all of them have, set together. `nodes` are `[id, record]`. */
export function ManyInspector({ nodes }) {
  const store = useStoreOf();
  const { kinds } = useValue(store.kinds);
  const names = [...new Set(nodes.map(([, { kind }]) => kind))];
  const parameters = sharedParameters(names.map((name) => kinds[name]));
  const weights = nodes.reduce((sum, [id]) => sum + (store.status.get(id)?.parameters ?? 0), 0);
  return (
    <>
      <section className="inspector-part">
        <h3>{plural(nodes.length, 'node')}</h3>
        <dl className="facts">
          <div className="fact"><dt>Kinds</dt><dd title={names.join(', ')}>{names.join(', ')}</dd></div>
          <div className="fact"><dt>Parameters</dt><dd>{countText(weights)}</dd></div>
        </dl>
        <p className="quiet">{Object.keys(parameters).length ? 'What you set here is set for all of them.' : 'They have no argument in common.'}</p>
      </section>
      <TrainableField nodes={nodes} />
      <ParameterList key={names.join(' ')} nodes={nodes} parameters={parameters} problems={[]} />
    </>
  );
}
