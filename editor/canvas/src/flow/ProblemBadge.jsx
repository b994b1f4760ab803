import { Icon } from '../Icon.jsx';

/** The sign of a node's worst problem; its messages are the tooltip. */
export function ProblemBadge({ problems, worst }) {
  const text = problems.map(({ code, message }) => `${code}: ${message}`).join('\n');
  return <span className={`badge sev-${worst}`} title={text} role="img" aria-label={text}><Icon name={worst} size={14} /></span>;
}
