import { useHealth } from '../context.js';
import { Icon } from '../Icon.jsx';
import { linePath } from '../model/line_path.js';

/** What a run has seen of this node's weights: one small line, its last number, and what is wrong, in the hover. */
export function NodeHealth({ id }) {
  const health = useHealth(id);
  if (!health) return null;
  const { points, number, title, trouble } = health;
  const text = trouble ? `${trouble}\n\n${title}` : title;
  return (
    <div className={trouble ? 'node-health trouble' : 'node-health'} data-testid={`health:${id}`} title={text} role="img" aria-label={text}>
      {trouble && <Icon name="warning" size={12} />}
      <svg viewBox="0 0 100 16" preserveAspectRatio="none"><path d={linePath(points)} /></svg>
      <span>{number}</span>
    </div>
  );
}
