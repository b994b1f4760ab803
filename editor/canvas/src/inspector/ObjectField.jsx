import { useStoreOf, useValue } from '../context.js';
import { nameOf, objectsFor } from '../model/kinds.js';
import { ActivationCurve } from './ActivationCurve.jsx';
import { ParameterField } from './ParameterField.jsx';

/** An argument that is a Keras object: which one, and its own arguments below. */
export function ObjectField({ id, parameter, value, wrong, onChange }) {
  const store = useStoreOf();
  const objects = objectsFor(useValue(store.kinds), parameter.type);
  const name = value == null ? '' : nameOf(value, objects);
  const entry = objects[name];
  const plain = parameter.type === 'activation';
  const params = (value && typeof value === 'object' && value.params) || {};
  const fallback = parameter.default == null ? 'none' : nameOf(parameter.default, objects) || String(parameter.default);
  const curve = plain ? objects[name || fallback]?.curve : null;
  const pick = (event) => {
    const picked = event.target.value;
    if (!picked) onChange(undefined);
    else onChange(plain ? picked : { kind: picked, params: {} });
  };
  const set = (key, next) => {
    const rest = { ...params };
    if (next === undefined) delete rest[key];
    else rest[key] = next;
    onChange({ kind: name, params: rest });
  };
  return (
    <>
      <select id={id} className="select" aria-invalid={wrong || undefined} value={name} onChange={pick}>
        <option value="">{parameter.required ? 'choose…' : `${fallback} (default)`}</option>
        {name && !entry && <option value={name}>{name}</option>}
        {Object.keys(objects).map((key) => <option key={key} value={key}>{key}</option>)}
      </select>
      {curve?.length > 0 && <ActivationCurve name={name || fallback} curve={curve} />}
      {entry && !plain && Object.keys(entry.parameters ?? {}).length > 0 && (
        <div className="nested">
          {Object.entries(entry.parameters).map(([key, own]) => (
            <ParameterField key={key} id={`${id}-${key}`} name={key} parameter={own} value={params[key]} onChange={(next) => set(key, next)} />
          ))}
        </div>
      )}
    </>
  );
}
