/** On or off. */
export function SwitchField({ id, parameter, value, onChange }) {
  const on = value ?? parameter.default ?? false;
  const flip = () => onChange(!on === parameter.default && !parameter.required ? undefined : !on);
  return (
    <button type="button" id={id} role="switch" aria-checked={!!on} className="switch" onClick={flip}>
      <span className="knob" />
    </button>
  );
}
