"""A network of 10,000 nodes: opened, edited with every edit on the disk, held against what was trained, and saved."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from weftwork.compiler.changes import Change, Disconnect, MoveNodes, SetParameter
from weftwork.compiler.document import DataCell, Notebook, Position, TrainingCell
from weftwork.compiler.document_file import write_notebook
from weftwork.editor.notices import Applied
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.runtime.kept_outputs import KeptOutputs
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.standing import Surroundings, standings

from .figures import Figure, percentile
from .report import report
from .shapes import large_network

NODES, EDITS, LOOK_EVERY = 10_000, 200, 20


def main(rounds: int = 5) -> None:
    network = large_network(NODES)
    data = DataCell(id="data", name="rows", source="csv", location="rows.csv")
    text = write_notebook(
        Notebook(cells=(data, network, TrainingCell(id="fit", name="fit", network="net", data="rows")))
    )
    nodes, wires = list(network.nodes), list(network.wires)
    opening, saving, edits, syncs, looks = [], [], [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "large.weft")
            path.write_text(text, encoding="utf-8")
            notebook, seconds = _timed(lambda path=path: OpenNotebook(path))
            opening.append(seconds)
            around = _trained(notebook)
            for number in range(EDITS // rounds):
                changes = _edit(number, nodes, wires)
                perform = partial(notebook.perform, "tab", None, "Edit", changes)
                reply, seconds = _timed(perform)
                assert isinstance(reply, Applied), reply
                edits.append(seconds)
                if number % LOOK_EVERY == 0:
                    looks.append(_timed(lambda notebook=notebook, around=around: _stale(notebook, around))[1])
                syncs.append(_bare_append(Path(folder, "bare")))
            saved, seconds = _timed(notebook.save)
            assert saved, notebook.save_state
            saving.append(seconds)
            notebook.close()
    sync = f"appending a line and fsync: {1000 * percentile(syncs, 0.95):.1f} ms"
    report(
        Figure(f"open {NODES:,} nodes (median)", f"{statistics.median(opening):.2f} s", "", "≤ 1 s"),
        Figure(f"edit among {NODES:,} nodes (p95)", f"{1000 * percentile(edits, 0.95):.1f} ms", sync, "≤ 10 ms"),
        Figure(
            f"what is stale among {NODES:,} nodes (p95)",
            f"{1000 * percentile(looks, 0.95):.0f} ms",
            "beside the edits",
            "",
        ),
        Figure(f"save {NODES:,} nodes (median)", f"{statistics.median(saving):.2f} s", "", "≤ 1 s"),
    )


def _trained(notebook: OpenNotebook) -> Surroundings:
    """Where a finished run of the notebook as it is now has left its traces."""
    record = RunRecord(create_run(notebook.folder, notebook.notebook, "fit", notebook_name=notebook.path.name))
    record.begin(on_stop=lambda: None)
    record.run.model_path.write_bytes(b"a model")
    record.end("finished", seconds=1.0)
    return Surroundings(notebook.folder, notebook.path.name, KeptOutputs(notebook.folder))


def _stale(notebook: OpenNotebook, around: Surroundings) -> None:
    found = standings(notebook.notebook, around)["fit"]
    assert found.state == "stale", found


def _edit(number: int, nodes: list[str], wires: list[str]) -> list[Change]:
    """A parameter, a move, a wire taken away: what differs is a node, the layout, the wires."""
    node = nodes[100 + number]
    match number % 3:
        case 0:
            return [SetParameter(cell="net", node=node, parameter="units", value=500 + number)]
        case 1:
            return [MoveNodes(cell="net", positions={node: Position(number, number)})]
        case _:
            return [Disconnect(cell="net", wire=wires[100 + number])]


def _bare_append(path: Path) -> float:
    """What the disk asks for at least."""
    with open(path, "ab", buffering=0) as file:
        start = time.perf_counter()
        file.write(b"x" * 300 + b"\n")
        os.fsync(file.fileno())
        return time.perf_counter() - start


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start
