import { Background, ReactFlow, SelectionMode } from '@xyflow/react';
import { useActions, useStoreOf, useValue } from '../context.js';
import { ConnectionLine } from './ConnectionLine.jsx';
import { EmptyHint } from './EmptyHint.jsx';
import { FrameNode } from './FrameNode.jsx';
import { NetworkNode } from './NetworkNode.jsx';
import { NoteNode } from './NoteNode.jsx';
import { Overview } from './Overview.jsx';
import { PointNode } from './PointNode.jsx';
import { ShapeWire } from './ShapeWire.jsx';
import { useClicks } from './use_clicks.js';
import { useDragging } from './use_dragging.js';
import { useFirstFit } from './use_first_fit.js';
import { useLeastZoom } from './use_least_zoom.js';
import { useWheel } from './use_wheel.js';
import { useWiring } from './use_wiring.js';
import { WheelHint } from './WheelHint.jsx';

const NODE_TYPES = { network: NetworkNode, frame: FrameNode, note: NoteNode, point: PointNode };
const EDGE_TYPES = { shape: ShapeWire };
const GRID = [16, 16];
const ADD_KEYS = ['Control', 'Meta'];
const PRO_OPTIONS = { hideAttribution: true };

export function Flow({ state, memory, snap, covered }) {
  const store = useStoreOf();
  const actions = useActions();
  const loaded = useValue(store.loaded);
  const { steps } = useValue(store.place);
  const { zooming, hint } = useWheel();
  const least = useLeastZoom(state.nodes);
  useFirstFit(loaded && state.nodes.length > 0, memory, covered, store, steps.join('/'), state.nodes);

  const wiring = useWiring(store, actions);
  const dragging = useDragging(store, actions, state);
  const clicks = useClicks(actions, memory, state.selected);

  return (
    <ReactFlow
      nodes={state.nodes} edges={state.wires} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES}
      onNodesChange={state.onNodesChange} onEdgesChange={state.onEdgesChange}
      {...wiring} connectionRadius={24} connectionLineComponent={ConnectionLine} edgesReconnectable reconnectRadius={14}
      {...dragging} {...clicks} defaultViewport={(memory.touched && memory.viewport) || undefined}
      minZoom={least} maxZoom={2} zoomOnDoubleClick={false} {...zooming}
      deleteKeyCode={null} panActivationKeyCode={null} selectionKeyCode="Shift" multiSelectionKeyCode={ADD_KEYS}
      selectionMode={SelectionMode.Partial} snapToGrid={snap} snapGrid={GRID} disableKeyboardA11y
      onlyRenderVisibleElements elevateEdgesOnSelect proOptions={PRO_OPTIONS}
    >
      <Background gap={GRID[0]} size={1.2} />
      <Overview covered={covered} />
      {loaded && !state.nodes.length && <EmptyHint />}
      <WheelHint shown={hint} />
    </ReactFlow>
  );
}
