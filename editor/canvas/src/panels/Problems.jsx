import { memo, useEffect, useRef, useState } from 'react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { Icon } from '../Icon.jsx';
import { plural } from '../model/text.js';
import { ProblemRow } from './ProblemRow.jsx';
import { useHandNear } from './use_hand_near.js';

const ORDER = { error: 0, warning: 1, info: 2 };

function summary(problems) {
  const count = (severity) => problems.filter((problem) => problem.severity === severity).length;
  const parts = [['error', 'error'], ['warning', 'warning'], ['info', 'note']].map(([severity, noun]) => [count(severity), noun]);
  return parts.filter(([number]) => number).map(([number, noun]) => plural(number, noun)).join(', ') || 'No problems';
}

/**
 * The strip under the drawing: what is wrong with the network, where, and how to mend it. The list lies over the
 * drawing's lower edge, so that nothing moves when it comes up; `onCover` hears how much of it that hides.
 */
export const Problems = memo(function Problems({ memory, onCover }) {
  const store = useStoreOf();
  const actions = useActions();
  const problems = useValue(store.problems);
  const loaded = useValue(store.loaded);
  const [open, setOpen] = useState(memory.problems ?? true);
  const toggle = () => setOpen((memory.problems = !open));
  const sorted = [...problems].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  const list = useRef(null);
  const room = useHandNear(list) ? list.current.getBoundingClientRect().height : undefined;
  useEffect(() => {
    const watch = new ResizeObserver(() => onCover(list.current?.offsetHeight ?? 0));
    watch.observe(list.current);
    return () => watch.disconnect();
  }, [onCover]);
  const worst = sorted[0]?.severity ?? 'ok';
  return (
    <section className="problems" data-testid="problems" aria-label="Problems">
      <button type="button" className="problems-head" aria-expanded={open && sorted.length > 0} onClick={toggle}>
        <span className={`sign ${loaded ? `sev-${worst}` : ''}`}><Icon name={worst} size={14} /></span>
        <span aria-live="polite">{loaded ? summary(problems) : 'Opening…'}</span>
        {sorted.length > 0 && <span className={`turn ${open ? 'open' : ''}`}><Icon name="chevron" size={12} /></span>}
      </button>
      <div ref={list} className="problem-sheet" style={{ maxHeight: room }}>
        {open && sorted.length > 0 && (
          <ul className="problem-list">
            {sorted.map((problem, index) => <ProblemRow key={problem.id ?? index} problem={problem} onPlace={actions.focus} />)}
          </ul>
        )}
      </div>
    </section>
  );
});
