import { useRecords } from '../context.js';
import { Icon } from '../Icon.jsx';

/** Says whose weights a node uses. */
export function SharedMark({ owner }) {
  const { nodes } = useRecords();
  const text = `Uses the weights of ${nodes[owner]?.label || owner}`;
  return <span className="mark" role="img" title={text} aria-label={text}><Icon name="share" size={14} /></span>;
}
