import { useStoreOf, useValue } from '../context.js';
import { Icon } from '../Icon.jsx';
import { plural } from '../model/text.js';

/** Says when the server cannot be reached; edits go on and wait. */
export function OfflineBanner({ connection }) {
  const store = useStoreOf();
  const online = useValue(connection.online);
  const waiting = useValue(store.waiting);
  if (online) return null;
  return (
    <div className="offline" role="status">
      <Icon name="offline" size={14} />
      <span>Offline: edits are kept and sent when the connection is back{waiting ? ` (${plural(waiting, 'edit')} waiting)` : ''}.</span>
      <button type="button" onClick={connection.retry}>Retry</button>
    </div>
  );
}
