import { useCallback } from 'react';
import { Background, ReactFlow, SelectionMode } from '@xyflow/react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { bestEnd, refusal } from '../model/wiring.js';
import { parseHandle } from '../model/ports.js';
import { ConnectionLine } from './ConnectionLine.jsx';
import { EmptyHint } from './EmptyHint.jsx';
import { NetworkNode } from './NetworkNode.jsx';
import { Overview } from './Overview.jsx';
import { ShapeWire } from './ShapeWire.jsx';
import { useFirstFit } from './use_first_fit.js';
import { useWheel } from './use_wheel.js';
import { WheelHint } from './WheelHint.jsx';

const NODE_TYPES = { network: NetworkNode };
const EDGE_TYPES = { shape: ShapeWire };
const GRID = [16, 16];
const ADD_KEYS = ['Control', 'Meta'];

/** An end of a wire, from React Flow's ids. */
export function endOf(store, node, handle) {
  const { side, port } = parseHandle(handle);
  const many = side === 'in' && store.isMany(store.drawing.records().nodes[node], port);
  return { node, port, side, many };
}

export function Flow({ state, memory, snap, covered }) {
  const store = useStoreOf();
  const actions = useActions();
  const loaded = useValue(store.loaded);
  const { zooming, hint } = useWheel();
  useFirstFit(loaded && state.nodes.length > 0, memory, covered);

  const isValid = useCallback(({ source, sourceHandle, target, targetHandle }) =>
    !refusal(store.drawing.records(), endOf(store, source, sourceHandle), endOf(store, target, targetHandle)), [store]);

  const onConnect = useCallback(({ source, sourceHandle, target, targetHandle }) =>
    actions.connect(endOf(store, source, sourceHandle), endOf(store, target, targetHandle)), [store, actions]);

  const onConnectEnd = useCallback((event, { isValid: valid, fromHandle, toHandle }) => {
    if (valid || !fromHandle) return undefined;
    const from = endOf(store, fromHandle.nodeId, fromHandle.id);
    if (toHandle) {
      return store.say(refusal(store.drawing.records(), from, endOf(store, toHandle.nodeId, toHandle.id)));
    }
    const { clientX, clientY } = event.changedTouches?.[0] ?? event;
    const target = event.composedPath().find((element) => element.classList?.contains('react-flow__node'));
    if (!target) return actions.openSearch([clientX, clientY], from);
    const node = target.dataset.id;
    if (node === from.node) return undefined;
    const ports = from.side === 'out' ? store.portsOf(node).inputs : store.portsOf(node).outputs;
    const ends = ports.map(({ name, many }) => ({ node, port: name, many, side: from.side === 'out' ? 'in' : 'out' }));
    const end = bestEnd(store.drawing.records(), from, ends);
    if (end) return actions.connect(from, end);
    return store.say(ends.length ? refusal(store.drawing.records(), from, ends[0]) : 'This node has no port on that side.');
  }, [store, actions]);

  const onDoubleClick = useCallback((event) => {
    if (event.target.classList.contains('react-flow__pane')) actions.openSearch([event.clientX, event.clientY]);
  }, [actions]);

  const onDragStop = useCallback((_event, _node, nodes) => actions.moved(nodes), [actions]);
  const onSelectionDragStop = useCallback((_event, nodes) => actions.moved(nodes), [actions]);

  return (
    <ReactFlow
      nodes={state.nodes} edges={state.wires} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES}
      onNodesChange={state.onNodesChange} onEdgesChange={state.onEdgesChange}
      onConnect={onConnect} onConnectEnd={onConnectEnd} isValidConnection={isValid} connectionRadius={24}
      connectionLineComponent={ConnectionLine}
      onNodeDragStop={onDragStop} onSelectionDragStop={onSelectionDragStop} onDoubleClick={onDoubleClick}
      defaultViewport={(memory.touched && memory.viewport) || undefined} onMoveEnd={(_, viewport) => { memory.viewport = viewport; }}
      minZoom={0.08} maxZoom={2} zoomOnDoubleClick={false} {...zooming}
      deleteKeyCode={null} panActivationKeyCode={null} selectionKeyCode="Shift" multiSelectionKeyCode={ADD_KEYS}
      selectionMode={SelectionMode.Partial} snapToGrid={snap} snapGrid={GRID} disableKeyboardA11y
      onlyRenderVisibleElements elevateEdgesOnSelect proOptions={{ hideAttribution: true }}
    >
      <Background gap={GRID[0]} size={1.2} />
      <Overview covered={covered} />
      {loaded && !state.nodes.length && <EmptyHint />}
      <WheelHint shown={hint} />
    </ReactFlow>
  );
}
