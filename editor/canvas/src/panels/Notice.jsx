import { useEffect } from 'react';
import { useStoreOf, useValue } from '../context.js';
import { Icon } from '../Icon.jsx';

const SHOWN_MS = 5000;

/** Why the last gesture was refused; goes by itself. */
export function Notice() {
  const store = useStoreOf();
  const notice = useValue(store.notice);
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(() => store.say(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, store]);
  return (
    <div className="notice-place" role="status" aria-live="polite">
      {notice && <div className="notice"><Icon name="warning" size={14} />{notice.text}</div>}
    </div>
  );
}
