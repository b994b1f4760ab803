import { Icon } from '../Icon.jsx';
import { readCalculated } from '../model/calculated.js';
import { DraftInput } from './DraftInput.jsx';

const format = (value) => (value == null ? '' : String(value));

/** A number with the buttons of a stepper; out of range is told by the server as a problem, not forbidden. */
export function NumberField({ id, parameter, value, wrong, onChange }) {
  const whole = parameter.type === 'int';
  const parse = (text) => {
    const calculated = readCalculated(text);
    if (calculated) return calculated;
    const number = Number(text);
    return Number.isNaN(number) || (whole && !Number.isInteger(number)) ? undefined : number;
  };
  const numeric = typeof value === 'number' ? value : typeof parameter.default === 'number' ? parameter.default : parameter.minimum ?? 0;
  const size = whole ? 1 : 0.1;
  const clamp = (number) => Math.min(parameter.maximum ?? Infinity, Math.max(parameter.minimum ?? -Infinity, number));
  const step = (side) => onChange(clamp(Number((numeric + side * size).toFixed(6))));
  const range = [parameter.minimum, parameter.maximum].some((end) => end != null)
    ? `${parameter.minimum ?? '−∞'} to ${parameter.maximum ?? '∞'}` : undefined;
  return (
    <span className="stepper">
      <DraftInput
        id={id} inputMode={whole ? 'numeric' : 'decimal'} title={range} value={value} format={format} parse={parse} wrong={wrong}
        placeholder={format(parameter.default) || (parameter.nullable ? 'none' : '')} onCommit={onChange}
      />
      <button type="button" tabIndex={-1} aria-label="Less" onClick={() => step(-1)}><Icon name="minus" size={12} /></button>
      <button type="button" tabIndex={-1} aria-label="More" onClick={() => step(1)}><Icon name="plus" size={12} /></button>
    </span>
  );
}
