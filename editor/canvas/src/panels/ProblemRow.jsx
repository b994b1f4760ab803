import { useActions, useStoreOf } from '../context.js';
import { Icon } from '../Icon.jsx';
import { kindText } from '../model/kinds.js';

function placeText(store, { node, port, parameter }) {
  const record = store.drawing.records().nodes[node];
  const parts = [record ? record.label || kindText(record.kind) : node, port && `port ${port}`, parameter];
  return parts.filter(Boolean).join(' › ');
}

/** One problem: code, message, help and its fixes; in the panel, with its place to go to. */
export function ProblemRow({ problem, onPlace }) {
  const store = useStoreOf();
  const actions = useActions();
  const place = placeText(store, problem.at ?? {});
  return (
    <li className={`problem sev-${problem.severity}`} data-testid={onPlace && `problem:${problem.code}`}>
      <span className={`sign sev-${problem.severity}`}><Icon name={problem.severity} size={14} /></span>
      <div className="problem-text">
        <div><code className="problem-code">{problem.code}</code> {problem.message}</div>
        <div className="problem-more">
          {place && onPlace && <button type="button" className="place" onClick={() => onPlace(problem.at.node)}>{place}</button>}
          {problem.help && <span>{problem.help}</span>}
        </div>
      </div>
      {(problem.fixes ?? []).map((title, index) => (
        <button key={title} type="button" className="fix" onClick={() => actions.fix(problem.id, index)}>{title}</button>
      ))}
    </li>
  );
}
