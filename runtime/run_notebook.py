"""Runs what is stale in a notebook, in order, by the same plan as the page. Imports TensorFlow when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..compiler.cell_graph import by_name
from ..compiler.document import CodeCell, EvaluationCell, ExportCell, Notebook, TrainingCell
from ..compiler.run_plan import needed_for, run_order
from .code_cells.alone import run_code_alone
from .keep_results import keep_code, keep_evaluation, keep_export
from .kept_outputs import KeptOutputs
from .standing import NOTHING, Surroundings, standings

Train = Callable[[str], dict[str, Any]]
Export = Callable[[str, str], dict[str, Any]]


def run_stale(
    path: Path, notebook: Notebook, fingerprints: dict[str, str], *, train: Train, export: Export
) -> list[dict[str, Any]]:
    """Trains, evaluates and exports what is stale; gives what `train` gave for each training cell.

    `train` takes a cell's name; `export` an export cell's and a format. What uses a training that did not finish is
    left as it is. Raises what they raise.
    """
    around = Surroundings(path.parent, path.name, KeptOutputs(path.parent), fingerprints)
    cells = by_name(notebook)
    made: list[dict[str, Any]] = []
    failed: set[str] = set()
    for name in run_order(notebook):
        # Anew for each cell: what ran before it has changed what it stands on.
        standing = standings(notebook, around).get(name, NOTHING)
        if not standing.wanted or failed.intersection(needed_for(notebook, name)):
            continue
        cell = cells[name]
        match cell:
            case CodeCell():
                keep_code(notebook, cell, run_code_alone(notebook, cell, around), around)
            case TrainingCell():
                result = train(name)
                made.append(result)
                if result["state"] != "finished":
                    failed.add(name)
            case EvaluationCell() if standing.run is not None:
                from .evaluate import evaluate_run
                from .quiet_tensorflow import quiet_tensorflow

                quiet_tensorflow()
                found = evaluate_run(str(standing.run.path), str(path.parent), str(cell.options.get("weights", "last")))
                keep_evaluation(cell, standing.run, found, around)
            case ExportCell():
                for to in dict.fromkeys([*cell.options.get("formats", ()), *standing.outputs]):
                    keep_export(notebook, cell, to, export(name, to), around)
    return made
