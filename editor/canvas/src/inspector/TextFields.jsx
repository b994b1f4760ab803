import { jsonText, parseJson, parseSizes, sizesText } from '../model/arguments.js';
import { DraftInput } from './DraftInput.jsx';

function field(format, parse, hint) {
  return function Field({ id, parameter, value, wrong, onChange }) {
    return (
      <DraftInput
        id={id} value={value} format={format} parse={(text) => parse(text, parameter)} wrong={wrong} title={hint}
        placeholder={format(parameter.default) || (parameter.nullable ? 'none' : '')} onCommit={onChange}
      />
    );
  };
}

function parseNumbers(text, { type }) {
  const sizes = parseSizes(text);
  const list = type === 'shape' || type === 'ints';
  return list && sizes !== undefined && !Array.isArray(sizes) ? [sizes] : sizes;
}

export const TextField = field((value) => value ?? '', (text) => text);
export const JsonField = field(jsonText, parseJson, 'A number, text, or JSON');
export const SizesField = field(sizesText, parseNumbers, 'One number, or several with commas; ? for unknown');
