import { memo } from 'react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { Picture } from '../flow/Picture.jsx';
import { Icon } from '../Icon.jsx';
import { Repetitions } from './Repetitions.jsx';

const WIDTH = 116;
const HEIGHT = 52;

/** The way back from a network that was entered, and a small picture of where it stands. */
export const Trail = memo(function Trail() {
  const store = useStoreOf();
  const actions = useActions();
  const { trail, parent } = useValue(store.place);
  if (trail.length < 2) return null;
  const here = trail[trail.length - 1];
  return (
    <nav className="trail" aria-label="Networks around this one" data-testid="trail">
      <div className="trail-way">
        {trail.slice(0, -1).map(({ name }, level) => (
          <span key={`${level} ${name}`} className="trail-step">
            <button type="button" onClick={() => actions.goTo(level)}>{name}</button>
            <Icon name="chevron" size={12} />
          </span>
        ))}
        <span className="trail-here" aria-current="location">{here.name}</span>
        {here.network !== here.name && <span className="quiet">{here.network}</span>}
        {here.count > 1 && <Repetitions {...here} />}
      </div>
      {parent && (
        <button type="button" className="trail-parent" title="Back (Escape)" aria-label={`Back to ${trail[trail.length - 2].name}`} onClick={() => actions.goTo(trail.length - 2)}>
          <Picture drawing={parent} here={parent.here} width={WIDTH} height={HEIGHT} />
        </button>
      )}
    </nav>
  );
});
