import { useActions, useStatus, useStoreOf } from '../context.js';
import { Icon } from '../Icon.jsx';
import { familyClass, kindText, networkOf } from '../model/kinds.js';
import { ProblemRow } from '../panels/ProblemRow.jsx';
import { DraftInput } from './DraftInput.jsx';
import { NetworkUse } from './NetworkUse.jsx';
import { NodeFacts } from './NodeFacts.jsx';
import { ParameterList } from './ParameterList.jsx';
import { TrainableField } from './TrainableField.jsx';

const asText = { format: (value) => value ?? '', parse: (text) => text.trim() };

export function NodeInspector({ id, record }) {
  const store = useStoreOf();
  const actions = useActions();
  const status = useStatus(id);
  const kind = store.kind(record.kind);
  const problems = status?.problems ?? [];
  const setLabel = (label) => actions.perform({ label: `Rename ${record.label || kindText(record.kind)}`, changes: [{ change: 'set-label', node: id, label: label ?? '' }] });
  return (
    <>
      <section className={`inspector-part family-${familyClass(kind)}`}>
        <div className="inspector-title">
          <span className="node-icon"><Icon name={familyClass(kind)} /></span>
          <h3>{kindText(record.kind)}</h3>
          {kind?.url && <a href={kind.url} target="_blank" rel="noreferrer" title="Keras documentation" aria-label={`Keras documentation of ${record.kind}`}><Icon name="link" size={14} /></a>}
        </div>
        <p className="quiet">{kind ? kind.help : 'This version does not know this kind. It is kept as it is.'}</p>
        <div className="field">
          <label className="field-name" htmlFor={`label-${id}`}>name</label>
          <DraftInput id={`label-${id}`} value={record.label} placeholder={kindText(record.kind)} {...asText} onCommit={setLabel} />
        </div>
      </section>
      {problems.length > 0 && (
        <ul className="inspector-part problem-list">
          {problems.map((problem, index) => <ProblemRow key={problem.id ?? index} problem={problem} />)}
        </ul>
      )}
      {networkOf(record.kind) && kind && <NetworkUse id={id} record={record} />}
      <NodeFacts id={id} record={record} status={status} />
      <TrainableField nodes={[[id, record]]} />
      {kind && <ParameterList nodes={[[id, record]]} parameters={kind.parameters ?? {}} problems={problems} />}
    </>
  );
}
