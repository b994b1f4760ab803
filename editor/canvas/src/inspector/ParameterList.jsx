import { useRef, useState } from 'react';
import { useActions } from '../context.js';
import { Icon } from '../Icon.jsx';
import { isFrequent } from '../model/kinds.js';
import { ParameterField } from './ParameterField.jsx';

// Keystrokes and steps that follow each other within this time are one step of undo.
const MERGE_MS = 2000;

/** Parameters that people set first; the rest behind "All arguments". What was changed is always in sight. */
export function ParameterList({ id, record, kind, problems }) {
  const actions = useActions();
  const [all, setAll] = useState(false);
  const latest = useRef({});
  const entries = Object.entries(kind.parameters ?? {});
  const first = entries.filter(([name, parameter]) => isFrequent(name, parameter) || name in record.params);
  const rest = entries.filter(([name, parameter]) => !(isFrequent(name, parameter) || name in record.params));
  const who = record.label || record.kind;

  const set = (parameter, value) => {
    const change = value === undefined
      ? { change: 'unset-parameter', node: id, parameter }
      : { change: 'set-parameter', node: id, parameter, value };
    const merge = latest.current.parameter === parameter && Date.now() - latest.current.at < MERGE_MS;
    latest.current = { parameter, at: Date.now() };
    actions.perform({ label: `${value === undefined ? 'Reset' : 'Set'} ${parameter} of ${who}`, changes: [change], merge });
  };
  const field = ([name, parameter]) => (
    <ParameterField
      key={name} id={`${id}-${name}`} name={name} parameter={parameter} value={record.params[name]}
      wrong={problems.some(({ at }) => at?.parameter === name)} onChange={(value) => set(name, value)}
    />
  );
  if (!entries.length) return null;
  return (
    <section className="inspector-part">
      {first.map(field)}
      {rest.length > 0 && (
        <button type="button" className="more" aria-expanded={all} onClick={() => setAll(!all)}>
          <span className={`turn ${all ? 'open' : ''}`}><Icon name="chevron" size={12} /></span>
          All arguments <span className="group-count">{rest.length}</span>
        </button>
      )}
      {all && rest.map(field)}
    </section>
  );
}
