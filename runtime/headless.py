"""Everything that the command line does, as Python functions.

    from weftwork.runtime import check, export, train

    print(check("digits.weft"))
    result = train("digits.weft", epochs=2)
    export("digits.weft", to="savedmodel", output="digits")

These import TensorFlow into the calling process when they need it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..compiler.document import DataCell, EvaluationCell, ExportCell, NetworkCell, Notebook, TrainingCell
from ..compiler.document_file import read_notebook_file
from ..compiler.pipeline import Checked
from ..compiler.pipeline import check as check_notebook
from ..compiler.problems import Location, Problem, has_errors, render
from ..compiler.specs import DataDescription
from .quiet_tensorflow import quiet_tensorflow

Progress = Callable[[dict[str, Any]], None]


class NotebookProblems(Exception):
    """What was asked for cannot be done because the notebook has errors; `problems` says which."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(render(problem) for problem in problems if problem.severity == "error"))
        self.problems = problems


class NotFound(Exception):
    """No cell, network or run of the given name; the message lists what there is."""


def open_notebook(path: str | Path) -> Notebook:
    """The notebook in a file. Raises OSError, or NotebookProblems where the file is not understood."""
    notebook, problems = read_notebook_file(Path(path))
    if has_errors(problems):
        raise NotebookProblems(problems)
    return notebook


def check(path: str | Path) -> list[Problem]:
    """All problems of a notebook file: file, wiring, parameters, shapes, training, data. Raises OSError."""
    return inspect(path)[1]


def inspect(path: str | Path) -> tuple[Notebook, list[Problem], Checked]:
    """The notebook, all its problems, and what the compiler made of it."""
    path = Path(path)
    notebook, problems = read_notebook_file(path)
    checked, data_problems = compile_notebook(notebook, path.parent)
    return notebook, [*problems, *data_problems, *checked.problems], checked


def compile_notebook(notebook: Notebook, folder: Path) -> tuple[Checked, list[Problem]]:
    """The notebook checked with Keras' own shapes and the data's own fields; and the problems of the data."""
    data, problems = describe_data(notebook, folder)
    oracle = None
    if any(cell.nodes for cell in notebook.networks()):
        quiet_tensorflow()
        from ..compiler.shapes import KerasShapes

        oracle = KerasShapes()
    return check_notebook(notebook, oracle=oracle, data=data), problems


def describe_data(notebook: Notebook, folder: Path) -> tuple[dict[str, DataDescription], list[Problem]]:
    """What each data cell offers, by name, and what is wrong with the data."""
    from .data.load import describe

    data: dict[str, DataDescription] = {}
    problems: list[Problem] = []
    for cell in notebook.cells:
        if isinstance(cell, DataCell):
            description, found = describe(cell, folder)
            problems += found
            if not has_errors(found):
                data[cell.name] = description
    return data, problems


def show(path: str | Path, network: str | None = None) -> dict[str, Any]:
    """Cells, and for each network its nodes with shapes and parameter counts. Raises OSError, NotFound."""
    notebook, _, checked = inspect(path)
    if network is not None:
        _cell(notebook, network, NetworkCell, "network")
    cells = []
    for cell in notebook.cells:
        if network is not None and cell.name != network:
            continue
        row: dict[str, Any] = {"name": cell.name, "kind": cell.kind}
        if isinstance(cell, NetworkCell):
            row |= _show_network(cell, checked)
        cells.append(row)
    return {"cells": cells}


def _show_network(cell: NetworkCell, checked: Checked) -> dict[str, Any]:
    from ..compiler.labels import layer_names

    shapes = checked.shapes.get(cell.name, {})
    names = layer_names(cell)
    nodes = []
    for id_, node in cell.nodes.items():
        known = shapes.get(id_)
        nodes.append(
            {
                "id": id_,
                "kind": node.kind,
                "label": names.get(id_, node.label),
                "shapes": [list(spec.shape) for spec in known.outputs.values()] if known else [],
                "parameters": known.parameters if known else None,
            }
        )
    program = checked.programs.get(cell.name)
    layers = parameters = None
    if program is not None:
        from ..compiler.to_keras import build_model

        model = build_model(program)
        layers, parameters = len(model.layers), model.count_params()
    return {"nodes": nodes, "wires": len(cell.wires), "layers": layers, "parameters": parameters}


def _cell(notebook: Notebook, name: str | None, kind: type, word: str) -> Any:
    """The cell of that kind with that name, or the only one. Raises NotFound."""
    cells = [cell for cell in notebook.cells if isinstance(cell, kind)]
    named = [cell for cell in cells if name is None or cell.name == name]
    if len(named) == 1:
        return named[0]
    there = ", ".join(cell.name for cell in cells) or "none"
    if name is None and cells:
        raise NotFound(f"There are several {word} cells; name one of: {there}.")
    raise NotFound(f"There is no {word} cell{f' called {name}' if name else ''}; there is: {there}.")


def train(
    path: str | Path,
    cell: str | None = None,
    *,
    epochs: int | None = None,
    resume: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Trains in this process, and gives the run's id, state, directory, steps, seconds and metrics.

    `epochs` replaces the training cell's number for this run; `resume` goes on with a run, by its own snapshot.
    `progress` is called with each event of the run. Raises OSError, NotebookProblems, NotFound.
    """
    from .run_directory import create_run
    from .run_result import find_run, run_result
    from .train_here import resume_here, train_here

    path = Path(path)
    if resume is not None:
        run = find_run(path.parent, resume)
        quiet_tensorflow()
        resume_here(run, progress)
        return run_result(run)
    notebook, problems, _ = inspect(path)
    training = _cell(notebook, cell, TrainingCell, "training")
    stopping = [problem for problem in problems if concerns(problem, notebook, training)]
    if has_errors(stopping):
        raise NotebookProblems(stopping)
    if epochs is not None:
        training = training.model_copy(update={"epochs": epochs})
        notebook = notebook.with_cell(training)
    quiet_tensorflow()
    run = create_run(path.parent, notebook, training.name, notebook_name=path.name)
    train_here(run, progress)
    return run_result(run)


def concerns(problem: Problem, notebook: Notebook, cell: TrainingCell) -> bool:
    """Whether a problem stands in a training cell or in what it uses; problems without a place concern all."""
    at: Location = problem.at
    return at.cell in ("", cell.name, cell.network, cell.data)


def run(path: str | Path, *, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Runs all stale cells in order: trains what has no finished run with its present key, evaluates, exports.

    Gives the runs that were made. Raises OSError, NotebookProblems.
    """
    from ..compiler.keys import cell_keys
    from .run_directory import list_runs

    path = Path(path)
    notebook, problems, _ = inspect(path)
    if has_errors(problems):
        raise NotebookProblems(problems)
    data, _ = describe_data(notebook, path.parent)
    keys = cell_keys(notebook, {name: description.fingerprint for name, description in data.items()})
    fresh = {
        (run.info().get("cell"), run.info().get("key")) for run in list_runs(path.parent) if run.state() == "finished"
    }
    made = [
        train(path, cell.name, progress=progress)
        for cell in notebook.cells
        if isinstance(cell, TrainingCell) and (cell.name, keys.get(cell.name)) not in fresh
    ]
    for cell in notebook.cells:
        if isinstance(cell, EvaluationCell):
            _evaluate(path, cell)
        elif isinstance(cell, ExportCell):
            for to in cell.options.get("formats", ()):
                export(path, to=to, output=path.parent / f"{path.stem}-{to}", network=None)
    return made


def _evaluate(path: Path, cell: EvaluationCell) -> None:
    from .evaluate import evaluate_run
    from .run_result import latest_finished

    finished = latest_finished(path.parent, path.name, cell.training)
    if finished is not None:
        evaluate_run(str(finished.path), str(path.parent))


def export(
    path: str | Path,
    *,
    to: str,
    output: str | Path,
    network: str | None = None,
    run: str | None = None,
) -> dict[str, Any]:
    """Writes a network as `python`, `keras` or `savedmodel`, loads it in a fresh process and compares predictions.

    Gives path, format and the largest absolute difference on 32 rows. Raises OSError, NotebookProblems, NotFound,
    ExportRefused.
    """
    from .exporters.export import export_network

    path = Path(path)
    notebook, problems, checked = inspect(path)
    cell = _cell(notebook, network, NetworkCell, "network")
    stopping = [problem for problem in problems if problem.at.cell in ("", cell.name)]
    if has_errors(stopping):
        raise NotebookProblems(stopping)
    return export_network(notebook, cell, checked, path, to=to, output=Path(output), run=run)


def runs(path: str | Path) -> list[dict[str, Any]]:
    """The runs beside a notebook file or in a folder, newest first."""
    from .run_directory import list_runs
    from .run_result import run_row

    path = Path(path)
    folder = path if path.is_dir() else path.parent
    rows = [run_row(run) for run in list_runs(folder)]
    return rows if path.is_dir() else [row for row in rows if row["notebook"] == path.name]
