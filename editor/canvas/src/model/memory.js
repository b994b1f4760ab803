// What outlives a canvas: Bokeh builds its components anew after a reconnect.
import { Observable } from './observable.js';

/** The catalogue; the server sends it once to a page. */
export const catalogue = new Observable({ kinds: {} });

const places = new Map();

/** What the canvas of a network cell looked like. */
export function memoryOf(place) {
  if (!places.has(place)) {
    places.set(place, { viewport: null, touched: false, selected: [], palette: null, inspector: null, problems: null });
  }
  return places.get(place);
}
