import { useEffect, useState } from 'react';
import { Connected } from './Connected.jsx';
import { tabId } from './model/tab.js';

/** What Panel mounts: waits for the tab's id, then keeps one store for as long as it stands. */
export function render({ model, view }) {
  const [tab, setTab] = useState(null);
  useEffect(() => {
    let alive = true;
    tabId().then((id) => alive && setTab(id));
    return () => { alive = false; };
  }, []);
  return tab ? <Connected model={model} view={view} tab={tab} /> : null;
}
