// Finds kinds by name, family and synonym without the server: for the palette at the side, and while offline.
import { parseArguments } from './arguments.js';

const LAST = -200;

function score(name, kind, word) {
  const lower = name.toLowerCase();
  const short = lower.replace(/^ops\./, '');
  if (short === word) return 100;
  if (short.startsWith(word)) return 80 + (10 * word.length) / short.length;
  if ((kind.synonyms ?? []).some((synonym) => synonym.toLowerCase().startsWith(word))) return 60;
  if (short.includes(word)) return 50 - short.length / 10;
  if (kind.family.toLowerCase().startsWith(word)) return 30;
  let at = -1;
  for (const letter of word) {
    at = short.indexOf(letter, at + 1);
    if (at < 0) return 0;
  }
  return 10 - short.length / 10;
}

/** Rows like the server's, best first: `{kind, label, family, params, shape: null, reason}`. */
export function findKinds(kinds, text, limit = 12) {
  const [word = '', ...rest] = text.trim().toLowerCase().split(/\s+/);
  return Object.entries(kinds)
    // `conv` means the layer, not the bare operation of that very name.
    .map(([name, kind]) => ({ name, kind, points: (word ? score(name, kind, word) : 1) * (kind.group === 'op' ? 0.75 : 1) }))
    .filter(({ points }) => points > 0)
    // What is used most comes first among equals, as with the server, and what cannot be placed last.
    .map((row) => ({ ...row, points: row.points + (row.kind.standing ?? (row.kind.unbuildable ? LAST : 0)) }))
    .sort((a, b) => b.points - a.points || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name, kind }) => ({
      kind: name, label: name, family: kind.family, params: parseArguments(kind, rest), shape: null, reason: kind.unbuildable ?? '',
    }));
}
