// Finding nodes by what is seen of them.
import { kindText } from './kinds.js';
import { shapeText, tightShapeText } from './text.js';

const bare = (text) => text.toLowerCase().replace(/[\s()[\]]/g, '').replaceAll(',', '×').replaceAll('x', '×');

function wordsOf(id, record, kind, status) {
  const problems = status?.problems ?? [];
  const severities = [...new Set(problems.map(({ severity }) => severity))];
  return [
    id, record.label, record.kind, kind?.family ?? '', record.muted ? 'muted' : '', problems.length ? 'problem' : '', ...severities,
    ...problems.flatMap(({ code, message }) => [code, message]),
  ].join('\n').toLowerCase();
}

/** The ids of the nodes whose name, kind, family, output shape or problems hold the text; in the order of reading. */
export function findNodes(records, kinds, statusOf, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const size = /\d/.test(wanted) ? bare(wanted) : null;
  const matches = ([id, record]) => {
    const status = statusOf(id);
    if (wordsOf(id, record, kinds[record.kind], status).includes(wanted)) return true;
    return size && Object.values(status?.shapes ?? {}).some((shape) => shape && `×${tightShapeText(shape)}×`.includes(`×${size.replace(/^×|×$/g, '')}×`));
  };
  const place = (id) => records.layout[id] ?? [0, 0];
  return Object.entries(records.nodes).filter(matches).map(([id]) => id)
    .sort((one, other) => place(one)[1] - place(other)[1] || place(one)[0] - place(other)[0]);
}

/** What a hit is called in the list. */
export function hitText(record, status) {
  const shape = Object.values(status?.shapes ?? {})[0];
  return [record.label || kindText(record.kind), record.label && kindText(record.kind), shapeText(shape)].filter(Boolean).join(' · ');
}
