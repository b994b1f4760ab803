import { useStoreOf, useValue } from '../context.js';
import { Picture } from './Picture.jsx';

const WIDTH = 200;
const HEIGHT = 50;

/** What is inside a node that stands for a network. */
export function Preview({ network }) {
  const store = useStoreOf();
  const drawing = useValue(store.networks).drawings[network];
  return <div className="node-preview" title="Double-click to enter">{drawing && <Picture drawing={drawing} width={WIDTH} height={HEIGHT} />}</div>;
}
