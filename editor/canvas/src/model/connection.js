// Whether the page still talks to its server. Bokeh rebuilds the page's components after a reconnect.
import { Observable } from './observable.js';

const RETRY_EVERY_MS = 4000;
const watched = new WeakMap();

/** The connection of a Bokeh document: `online` is an Observable, `retry()` tries at once. */
export function connectionOf(document) {
  if (!document) return { online: new Observable(true), retry: () => {} };
  if (!watched.has(document)) watched.set(document, watch(document));
  return watched.get(document);
}

function watch(document) {
  const online = new Observable(true);
  let reconnect = () => {};
  const retry = () => {
    if (!online.get()) reconnect();
  };
  document.on_event('connection_lost', (_, event) => {
    online.set(false);
    reconnect = () => event.reconnect();
  });
  document.on_event('client_reconnected', () => online.set(true));
  // Bokeh gives up after five attempts; a notebook stays open for days.
  setInterval(retry, RETRY_EVERY_MS);
  window.addEventListener('online', retry);
  return { online, retry };
}
