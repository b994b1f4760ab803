import { useStatus } from '../context.js';
import { shapeText } from '../model/text.js';

/** The shape that an output has now. */
export function ShapeFact({ name, node, output }) {
  return <div className="fact"><dt>{name}</dt><dd className="mono">{shapeText(useStatus(node)?.shapes?.[output]) || '–'}</dd></div>;
}
