"""React Flow's own kind of stress page: plain nodes in a grid, plain wires, nothing else. What ours is held against."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .canvas_build import HERE, node_commands

_SOURCE = """
import { createRoot } from 'react-dom/client';
import { ReactFlow, ReactFlowProvider, Background, MiniMap, useEdgesState, useNodesState } from '@xyflow/react';
import '@xyflow/react/dist/style.css';

const ROWS = Math.round(Math.sqrt(COUNT));
const nodes = Array.from({ length: COUNT }, (_, index) => ({
  id: `n${index}`, data: { label: `Node ${index}` },
  position: { x: Math.floor(index / ROWS) * 320, y: (index % ROWS) * 144 },
}));
const edges = Array.from({ length: WIRES }, (_, index) => ({
  id: `e${index}`, source: `n${index % COUNT}`, target: `n${(index * 7 + ROWS) % COUNT}`,
}));

function Page() {
  const [shownNodes, , onNodesChange] = useNodesState(nodes);
  const [shownEdges, , onEdgesChange] = useEdgesState(edges);
  return (
    <ReactFlow nodes={shownNodes} edges={shownEdges} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange}
      minZoom={0.02} onlyRenderVisibleElements={location.hash === '#visible'}
      onInit={(flow) => { window.flow = flow; flow.setViewport({ x: 0, y: 0, zoom: 0.9 }); }}>
      <Background /><MiniMap />
    </ReactFlow>
  );
}
createRoot(document.getElementById('root')).render(<ReactFlowProvider><Page /></ReactFlowProvider>);
"""


def stress_page(folder: Path, nodes: int, wires: int) -> Path:
    """Builds the page into `folder` and gives its path. Needs Node, which the development extra brings."""
    source = HERE / "node_modules" / ".stress.jsx"
    source.write_text(_SOURCE, encoding="utf-8")
    node, npm = node_commands()
    if not (HERE / "node_modules" / "esbuild").is_dir():
        subprocess.run([*npm, "ci", "--ignore-scripts"], cwd=HERE, check=True, stdout=sys.stderr)
    build = f"""
import esbuild from 'esbuild';
await esbuild.build({{ entryPoints: ['{source.as_posix()}'], bundle: true, minify: true,
  outfile: '{(folder / "page.js").as_posix()}',
  jsx: 'automatic', define: {{ COUNT: '{nodes}', WIRES: '{wires}', 'process.env.NODE_ENV': '"production"' }} }});
"""
    script = HERE / "node_modules" / ".stress.mjs"
    script.write_text(build, encoding="utf-8")
    try:
        subprocess.run([*node, str(script)], cwd=HERE, check=True, stdout=sys.stderr)
    finally:
        source.unlink()
        script.unlink()
    page = folder / "page.html"
    page.write_text(
        '<!doctype html><link rel="stylesheet" href="page.css"><style>html,body,#root{margin:0;height:100%}</style>'
        '<div id="root"></div><script src="page.js"></script>',
        encoding="utf-8",
    )
    return page
