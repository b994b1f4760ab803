// How shapes, counts and parameters read on the canvas.
import { calculatedText, isCalculated } from './calculated.js';

/** `[null, 28, 28, 3]` → `· × 28 × 28 × 3`: a dot for the batch axis, `?` for other unknown sizes. */
export function shapeText(shape) {
  if (!shape) return '';
  if (shape.length === 0) return 'scalar';
  return shape.map((size, axis) => size ?? (axis === 0 ? '·' : '?')).join(' × ');
}

/** `1234` → `1,234`; from a million on `1.2 M`, `3.4 G`. */
export function countText(count) {
  if (count == null) return '';
  for (const [size, unit] of [[1e9, 'G'], [1e6, 'M']]) {
    if (count >= size) return `${(count / size).toFixed(1).replace(/\.0$/, '')} ${unit}`;
  }
  return count.toLocaleString('en-US');
}

/** The same without spaces and for less room: `·×28×28×3`. */
export function tightShapeText(shape) {
  return shapeText(shape).replaceAll(' ', '');
}

export function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

// Parameters whose value speaks for itself, so that its name can be left out.
const PLAIN = new Set(['units', 'filters', 'rate', 'activation', 'padding', 'shape', 'target_shape', 'num_heads',
  'key_dim', 'input_dim', 'output_dim', 'kernel_size', 'pool_size', 'size', 'layer', 'dims']);

function valueText(value, kindName, type) {
  if (Array.isArray(value)) return value.map((item) => item ?? '?').join('×');
  if (isCalculated(value)) return calculatedText(value);
  if (value && typeof value === 'object') return value.kind ?? '{…}';
  const rank = type === 'sizes' && /([23])D/.exec(kindName)?.[1];
  return rank && Number.isInteger(value) ? Array(Number(rank)).fill(value).join('×') : String(value);
}

/** The parameters that were set, in the order of the kind: `64 · 3×3 · relu`. */
export function parameterLine(kindName, kind, params) {
  const known = Object.keys(kind?.parameters ?? {}).filter((name) => name in params);
  const names = [...known, ...Object.keys(params).filter((name) => !known.includes(name))];
  // Whether a node is frozen is marked beside its name.
  return names.filter((name) => params[name] != null && name !== 'trainable').map((name) => {
    const value = params[name];
    if (value === true) return name;
    if (value === false) return `no ${name.replace(/^use_/, '')}`;
    const text = valueText(value, kindName, kind?.parameters?.[name]?.type);
    return PLAIN.has(name) || kind?.parameters?.[name]?.required ? text : `${name} ${text}`;
  }).join(' · ');
}

/** What the wires of a tensor carry, by which ports and wires are coloured. */
export function dataKind(shape, dtype = '') {
  if (!shape) return 'unknown';
  if (dtype === 'bool') return 'mask';
  if (dtype.startsWith('int') || dtype.startsWith('uint') || dtype === 'string') return 'codes';
  return ['scalar', 'vector', 'vector', 'sequence', 'image'][shape.length] ?? 'volume';
}
