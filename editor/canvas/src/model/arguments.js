// Values as people type them, into JSON, and back.

/** `3` or `3, 3` or `(3, 3)` → 3 or [3, 3]; undefined where it is neither. `?` and `None` stand for an unknown size. */
export function parseSizes(text) {
  const bare = text.trim().replace(/^[([]|[)\]]$/g, '').trim();
  if (!bare) return undefined;
  const list = /[,x×\s]/.test(bare) || /^[([]/.test(text.trim());
  const sizes = bare.split(/\s*[,x×]\s*|\s+/).filter(Boolean).map((part) => (/^(\?|none|null|-)$/i.test(part) ? null : Number(part)));
  if (sizes.some((size) => size !== null && !Number.isInteger(size))) return undefined;
  return list ? sizes : sizes[0];
}

export function sizesText(value) {
  if (value == null) return '';
  return Array.isArray(value) ? value.map((size) => size ?? '?').join(', ') : String(value);
}

/** Text of a JSON field; words that are no JSON are taken as text. */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function jsonText(value) {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const NUMBERS = new Set(['int', 'float', 'sizes', 'axis']);

/** Arguments behind a kind in the search palette, `64 3 relu`: numbers go to numeric parameters in order. */
export function parseArguments(kind, words) {
  const params = {};
  const entries = Object.entries(kind.parameters ?? {});
  for (const word of words) {
    const [name, value] = word.includes('=') ? word.split('=') : [null, word];
    const number = Number(value);
    const open = entries.filter(([key]) => !(key in params));
    const slot = name ? name : Number.isNaN(number)
      ? open.find(([, { type, choices }]) => choices?.includes(value) || type === 'activation')?.[0]
      : open.find(([, { type }]) => NUMBERS.has(type))?.[0];
    if (slot && kind.parameters[slot]) params[slot] = Number.isNaN(number) ? value : number;
  }
  return params;
}
