import { useEffect, useMemo, useState } from 'react';
import { ReactFlowProvider } from '@xyflow/react';
import { StoreContext } from './context.js';
import { connectionOf } from './model/connection.js';
import { CanvasStore } from './model/store.js';
import { tabId } from './model/tab.js';
import { Workbench } from './Workbench.jsx';

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

function Connected({ model, view, tab }) {
  const connection = useMemo(() => connectionOf(view.model.document), [view]);
  const store = useMemo(() => new CanvasStore({
    place: model.place,
    tab,
    storage: window.sessionStorage,
    send: (message) => connection.online.get() && model.send_msg(message),
  }), [model, tab, connection]);

  useEffect(() => {
    const receive = (message) => store.receive(message);
    model.on('msg:custom', receive);
    store.open();
    return () => {
      store.close();
      model.off('msg:custom', receive);
    };
  }, [model, store]);

  return (
    <StoreContext.Provider value={store}>
      <ReactFlowProvider>
        <Workbench place={model.place} connection={connection} />
      </ReactFlowProvider>
    </StoreContext.Provider>
  );
}
