// Arguments that are not one plain value: calculated from the network's parameters, or one for each repetition.

const NAMES = /[A-Za-z_]/;

export function isCalculated(value) {
  return !!value && typeof value === 'object' && (typeof value.expression === 'string' || Array.isArray(value.each));
}

/** `= filters * 2`, and `16 | 32 | 64` for values of repetitions. */
export function calculatedText(value) {
  if (Array.isArray(value?.each)) return value.each.map((item) => (isCalculated(item) ? calculatedText(item) : String(item))).join(' | ');
  return `= ${value.expression}`;
}

const plain = (text) => (text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text);

/** What such a text says; null for a text that is a plain value. A name can only be a parameter's. */
export function readCalculated(text) {
  const trimmed = text.trim();
  if (trimmed.includes('|')) {
    return { each: trimmed.split('|').map((item) => readCalculated(item) ?? plain(item.trim())) };
  }
  if (trimmed.startsWith('=')) return { expression: trimmed.slice(1).trim() };
  return NAMES.test(trimmed) && !Number.isFinite(Number(trimmed)) ? { expression: trimmed } : null;
}

/** How often a node stands there, as text; '' for once. */
export function repeatText(repeat) {
  if (typeof repeat?.expression === 'string') return repeat.expression;
  return repeat > 1 ? String(repeat) : '';
}
