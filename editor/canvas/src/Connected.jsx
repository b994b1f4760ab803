import { useEffect, useMemo } from 'react';
import { ReactFlowProvider } from '@xyflow/react';
import { StoreContext } from './context.js';
import { connectionOf } from './model/connection.js';
import { CanvasStore } from './model/store.js';
import { Workbench } from './Workbench.jsx';

/** The canvas of a tab whose id is known, with the store that its messages go through. */
export function Connected({ model, view, tab }) {
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
