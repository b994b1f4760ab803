const DTYPES = ['float32', 'float16', 'bfloat16', 'float64', 'int32', 'int64', 'uint8', 'bool', 'string', 'mixed_float16', 'mixed_bfloat16'];
const NONE = '\u0000none';
const shown = (value) => (value === null || value === undefined ? 'none' : String(value));

/** One of a few values. The default is marked; picking it unsets the parameter. */
export function ChoiceField({ id, parameter, value, wrong, onChange }) {
  const listed = parameter.choices?.length ? parameter.choices : DTYPES;
  const choices = value != null && !listed.includes(value) ? [value, ...listed] : listed;
  const key = (choice) => (choice === null ? NONE : String(choice));
  const pick = (event) => {
    const picked = event.target.value;
    if (picked === '') onChange(undefined);
    else onChange(picked === NONE ? null : choices.find((choice) => key(choice) === picked));
  };
  return (
    <select id={id} className="select" aria-invalid={wrong || undefined} value={value === undefined ? '' : key(value)} onChange={pick}>
      {!parameter.required && <option value="">{`${shown(parameter.default)} (default)`}</option>}
      {parameter.required && value === undefined && <option value="">choose…</option>}
      {choices.filter((choice) => parameter.required || choice !== parameter.default || value === choice)
        .map((choice) => <option key={key(choice)} value={key(choice)}>{shown(choice)}</option>)}
    </select>
  );
}
