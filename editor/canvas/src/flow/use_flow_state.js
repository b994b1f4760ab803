import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { applyEdgeChanges, applyNodeChanges } from '@xyflow/react';
import { flowNodes, flowWires, sameArray } from '../model/flow_records.js';
import { flowMarks } from '../model/marks.js';

const SELECT_AFTER_MS = 120;

/** React Flow's nodes and edges, kept in step with the drawing; selection and unfinished drags live only here. */
export function useFlowState(store, memory) {
  const [nodes, setNodes] = useState([]);
  const [wires, setWires] = useState([]);
  const next = useRef(memory.selected.length ? new Set(memory.selected) : null);

  useEffect(() => {
    const merge = () => {
      const records = store.drawing.records();
      const chosen = next.current;
      if (Object.keys(records.nodes).length || Object.keys(records.marks).length) next.current = null;
      const { kinds } = store.kinds.get();
      setNodes((old) => sameArray(old, [
        ...flowMarks(old, records.marks, chosen), ...flowNodes(old, records, kinds, (id) => store.status.get(id), chosen),
      ]));
      setWires((old) => flowWires(old, records, chosen && new Set()));
    };
    merge();
    const stops = [store.drawing.subscribe(merge), store.kinds.subscribe(merge), store.ports.subscribe(merge)];
    return () => stops.forEach((stop) => stop());
  }, [store]);

  const onNodesChange = useCallback((changes) => setNodes((old) => applyNodeChanges(changes, old)), []);
  const onEdgesChange = useCallback((changes) => setWires((old) => applyEdgeChanges(changes, old)), []);

  const select = useCallback((ids, wireIds = []) => {
    const [chosen, chosenWires] = [new Set(ids), new Set(wireIds)];
    const mark = (set) => (old) => old.map((item) => (!!item.selected === set.has(item.id) ? item : { ...item, selected: set.has(item.id) }));
    setNodes(mark(chosen));
    setWires(mark(chosenWires));
  }, []);

  /** Puts every node back where the drawing has it: a drag that moved nothing. */
  const settle = useCallback(() => {
    const { layout, marks } = store.drawing.records();
    const place = ({ id }) => (marks[id] ? { x: marks[id].x, y: marks[id].y } : { x: layout[id]?.[0] ?? 0, y: layout[id]?.[1] ?? 0 });
    setNodes((old) => old.map((node) => ({ ...node, dragging: false, position: place(node) })));
  }, [store]);

  /** Chooses nodes that the next change of the drawing brings. */
  const selectNext = useCallback((ids) => { next.current = new Set(ids); }, []);

  const pickedOf = (isMark) => nodes.filter((node) => node.selected && (node.type !== 'network') === isMark).map((node) => node.id).join(' ');
  const picked = pickedOf(false);
  const pickedMarks = pickedOf(true);
  const pickedWires = wires.filter((wire) => wire.selected).map((wire) => wire.id).join(' ');
  const selected = useMemo(() => picked.split(' ').filter(Boolean), [picked]);
  const selectedMarks = useMemo(() => pickedMarks.split(' ').filter(Boolean), [pickedMarks]);
  const selectedWires = useMemo(() => pickedWires.split(' ').filter(Boolean), [pickedWires]);

  useEffect(() => {
    memory.selected = selected;
    const timer = setTimeout(() => store.send({ type: 'select', nodes: selected, wires: selectedWires }), SELECT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [store, memory, selected, selectedWires]);

  return { nodes, wires, onNodesChange, onEdgesChange, settle, select, selectNext, selected, selectedMarks, selectedWires };
}
