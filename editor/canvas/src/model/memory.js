// What a canvas looked like, kept in the page: Bokeh builds its components anew after a reconnect.
const places = new Map();

export function memoryOf(place) {
  if (!places.has(place)) places.set(place, { viewport: null, touched: false, selected: [], palette: null, inspector: null, problems: null });
  return places.get(place);
}
