import { useRef, useState } from 'react';
import { useActions } from '../context.js';
import { Icon } from '../Icon.jsx';
import { isFrequent, kindText, networkOf } from '../model/kinds.js';
import { plural } from '../model/text.js';
import { ParameterField } from './ParameterField.jsx';

// Keystrokes and steps that follow each other within this time are one step of undo.
const MERGE_MS = 2000;

/**
 * Parameters that people set first; the rest behind "All arguments". What was changed is always in sight.
 * `nodes` are `[id, record]`; with several, each edit goes to all of them in one step.
 */
export function ParameterList({ nodes, parameters, problems }) {
  const actions = useActions();
  const [all, setAll] = useState(false);
  const latest = useRef({});
  // Whether it is trainable has a switch of its own.
  const entries = Object.entries(parameters).filter(([name]) => name !== 'trainable');
  const isFirst = ([name, parameter]) => !!networkOf(nodes[0][1].kind) || isFrequent(name, parameter) || nodes.some(([, { params }]) => name in params);
  const first = entries.filter(isFirst);
  const rest = entries.filter((entry) => !isFirst(entry));
  const [[id, record]] = nodes;
  const who = nodes.length > 1 ? plural(nodes.length, 'node') : record.label || kindText(record.kind);
  const differs = (name) => nodes.some(([, { params }]) => JSON.stringify(params[name]) !== JSON.stringify(record.params[name]));

  const set = (parameter, value) => {
    const changes = nodes.map(([node]) => (value === undefined
      ? { change: 'unset-parameter', node, parameter }
      : { change: 'set-parameter', node, parameter, value }));
    const merge = latest.current.parameter === parameter && Date.now() - latest.current.at < MERGE_MS;
    latest.current = { parameter, at: Date.now() };
    actions.perform({ label: `${value === undefined ? 'Reset' : 'Set'} ${parameter} of ${who}`, changes, merge });
  };
  const field = ([name, parameter]) => (
    <ParameterField
      key={name} id={`${id}-${name}`} name={name} parameter={parameter} value={differs(name) ? undefined : record.params[name]} differs={differs(name)}
      wrong={problems.some(({ at }) => at?.parameter === name)} onChange={(value) => set(name, value)}
      onPromote={nodes.length === 1 ? () => actions.nest('promote', [id], { parameter: name }) : null}
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
