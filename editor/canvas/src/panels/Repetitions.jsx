import { useActions } from '../context.js';
import { Icon } from '../Icon.jsx';

/** Which of a block's repetitions is looked at, and the way to its neighbours. */
export function Repetitions({ repetition, count }) {
  const actions = useActions();
  return (
    <span className="repetitions" role="group" aria-label="Repetition">
      <button type="button" aria-label="Repetition before" disabled={repetition === 0} onClick={() => actions.repetition(repetition - 1)}><Icon name="up" size={12} /></button>
      <span>{repetition + 1} of {count}</span>
      <button type="button" aria-label="Next repetition" disabled={repetition + 1 === count} onClick={() => actions.repetition(repetition + 1)}><Icon name="downward" size={12} /></button>
    </span>
  );
}
