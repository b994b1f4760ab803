import { calculatedText, readCalculated } from '../model/calculated.js';
import { DraftInput } from './DraftInput.jsx';

const format = (value) => (value === undefined ? '' : calculatedText(value));
const parse = (text) => readCalculated(text) ?? (Number.isNaN(Number(text)) ? text.trim() : Number(text));

/** A value that is calculated (`= filters * 2`), or one for each repetition (`16 | 32`). */
export function CalculatedField({ id, value, wrong, onChange }) {
  return <DraftInput id={id} className="mono" value={value} format={format} parse={parse} wrong={wrong} onCommit={onChange} />;
}
