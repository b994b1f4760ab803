"""Everything that the command line does, as Python functions.

    from weftwork.runtime import check, export, train

    print(check("digits.weft"))
    result = train("digits.weft", epochs=2)
    export("digits.weft", to="savedmodel", output="digits")

These import TensorFlow into the calling process when they need it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..compiler.document import ExportCell, NetworkCell, Notebook, TrainingCell
from ..compiler.pipeline import Checked
from ..compiler.problems import Location, Problem, has_errors
from .code_cells.consent import read_to_run
from .inner_nodes import inner_nodes
from .inspect_notebook import NotebookProblems, describe_data, find_cell, inspect
from .quiet_tensorflow import quiet_tensorflow

Progress = Callable[[dict[str, Any]], None]


def open_notebook(path: str | Path) -> Notebook:
    """The notebook in a file. Raises OSError, or NotebookProblems where the file is not understood."""
    notebook, problems = read_to_run(Path(path))
    if has_errors(problems):
        raise NotebookProblems(problems)
    return notebook


def check(path: str | Path) -> list[Problem]:
    """All problems of a notebook file: file, wiring, parameters, shapes, training, data. Raises OSError."""
    return inspect(path)[1]


def show(path: str | Path, network: str | None = None) -> dict[str, Any]:
    """Cells, and for each network its nodes with shapes and parameter counts. Raises OSError, NotFound."""
    notebook, _, checked = inspect(path)
    if network is not None:
        find_cell(notebook, network, NetworkCell, "network")
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
    program = checked.programs.get(cell.name)
    inside = inner_nodes(program, shapes)
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
        nodes += inside.get(id_, [])
    layers = parameters = None
    if program is not None:
        from ..compiler.to_keras import build_model

        model = build_model(program)
        layers, parameters = len(model.layers), model.count_params()
    return {"nodes": nodes, "wires": len(cell.wires), "layers": layers, "parameters": parameters}


def train(
    path: str | Path,
    cell: str | None = None,
    *,
    epochs: int | None = None,
    resume: str | None = None,
    fork: str | None = None,
    reproduce: str | None = None,
    learning_rate: float | None = None,
    placement: Mapping[str, Any] | None = None,
    workers: str | None = None,
    index: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Trains in this process, and gives the run's id, state, directory, steps, seconds and metrics.

    `epochs` replaces the training cell's number for this run; `resume` goes on with a run, by its own snapshot; `fork`
    (`RUN` or `RUN@STEP`) begins a new one at a checkpoint of a run; both take a `learning_rate` to go on with.
    `reproduce` repeats a run and adds reproduces, matched, digests and differs. `placement` (strategy, replicas,
    backend) holds instead of the cell's own options. With `workers` (host:port,host:port) this is machine `index` of
    several that train together. `progress` is called with each event of the run. Raises OSError, NotebookProblems,
    NotFound, RunRefused.
    """
    path = Path(path)
    if workers is not None:
        from .distribution.cluster import read_cluster
        from .distribution.machines import train_together

        options = {**({} if epochs is None else {"epochs": epochs}), **(placement or {})}
        cluster = read_cluster(workers, index)
        return train_together(path, cell, cluster, options=options, resume=resume, progress=progress)
    if resume is not None or fork is not None or reproduce is not None:
        from .take_up import take_up

        return take_up(path.parent, resume, fork, reproduce, epochs, learning_rate, progress)
    quiet_tensorflow()
    from .distribution.asked import ask, without_own_choice
    from .run_directory import create_run
    from .run_result import run_result
    from .train_here import train_here

    ask(path, cell, placement or {})
    notebook, problems, _ = inspect(path)
    training = find_cell(notebook, cell, TrainingCell, "training")
    stopping = [problem for problem in problems if concerns(problem, notebook, training)]
    stopping = without_own_choice(stopping, training, placement or {})
    if has_errors(stopping):
        raise NotebookProblems(stopping)
    options = {**({} if epochs is None else {"epochs": epochs}), **(placement or {})}
    run = create_run(path.parent, notebook, training.name, notebook_name=path.name, options=options)
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
    from .run_notebook import run_stale
    from .threads_ahead import settle_threads_ahead

    path = Path(path)
    drawn, _ = read_to_run(path)
    settle_threads_ahead(drawn, [cell for cell in drawn.cells if isinstance(cell, TrainingCell)])
    notebook, problems, _ = inspect(path)
    if has_errors(problems):
        raise NotebookProblems(problems)
    data, _ = describe_data(notebook, path.parent)
    return run_stale(
        path,
        notebook,
        {name: description.fingerprint for name, description in data.items()},
        train=lambda cell: train(path, cell, progress=progress),
        export=lambda cell, to: export_task(str(path), to, cell),
    )


def export(
    path: str | Path,
    *,
    to: str,
    output: str | Path,
    network: str | None = None,
    run: str | None = None,
    weights: str = "last",
    preparation: bool = True,
    carry: bool = True,
) -> dict[str, Any]:
    """Writes a network as `python`, `keras`, `weights`, `savedmodel`, `onnx`, `litert` or `litert-int8`, or the whole
    notebook as `ipynb`; loads what it wrote in a fresh process and compares predictions.

    With `carry` the notebook travels inside (not in weights and LiteRT), and can be imported again. `weights` are the
    "last" of the run, or those of its "best" epoch. With `preparation` it takes raw data: what the data cell prepares
    stands in front of it, and a script reads the data, trains and evaluates. Gives path, format, the largest absolute
    difference on 32 rows, bytes and a note. Raises OSError, NotebookProblems, NotFound, ExportRefused.
    """
    quiet_tensorflow()
    path = Path(path)
    notebook, problems, checked = inspect(path)
    carried = path.read_text(encoding="utf-8-sig") if carry else None
    if to == "ipynb":
        from .exporters.export_ipynb import export_ipynb

        networks = {"", *(cell.name for cell in notebook.networks())}
        stopping = [problem for problem in problems if problem.at.cell in networks]
        if has_errors(stopping):
            raise NotebookProblems(stopping)
        return export_ipynb(notebook, checked, path, output=Path(output), weights=weights, carried=carried)
    from .exporters.export import export_network

    cell = find_cell(notebook, network, NetworkCell, "network")
    stopping = [problem for problem in problems if problem.at.cell in ("", cell.name)]
    if has_errors(stopping):
        given_back = _given_back(notebook, cell, path, to, Path(output), carried)
        if given_back is None:
            raise NotebookProblems(stopping)
        return given_back
    chosen = {"run": run, "weights": weights, "preparation": preparation, "carried": carried}
    return export_network(notebook, cell, checked, path, to=to, output=Path(output), **chosen)


def _given_back(
    notebook: Notebook, cell: NetworkCell, path: Path, to: str, output: Path, carried: str | None
) -> dict[str, Any] | None:
    """The export of a network that has nothing wrong but layers whose code is not here; None for any other."""
    from ..compiler.importing.foreign_program import foreign_program
    from ..compiler.shapes import KerasShapes
    from .code_cells.consent import allowed_in
    from .exporters.write_foreign import FORMATS, export_foreign

    found = foreign_program(notebook, cell, KerasShapes(), allowed_in(notebook)) if to in FORMATS else None
    if found is None or found.program is None:
        return None
    return export_foreign(found.program, found.foreign, cell, path.parent, to=to, output=output, carried=carried)


def import_notebook(path: str | Path, output: str | Path | None = None) -> dict[str, Any]:
    """Writes the notebook inside a file of ours (.weft, .ipynb, .py, .png, .keras, .onnx, a SavedModel), or one with
    the network of a Keras model, to `output`, or beside the file under a free name; nothing of it runs. Gives path,
    networks, placeholders, folded and notices. Raises OSError, ImportRefused."""
    from .importers.import_notebook import import_notebook as import_file

    return import_file(Path(path), None if output is None else Path(output))


def runs(path: str | Path) -> list[dict[str, Any]]:
    """The runs beside a notebook file or in a folder, newest first."""
    from .run_directory import list_runs
    from .run_result import run_row

    path = Path(path)
    folder = path if path.is_dir() else path.parent
    rows = [run_row(run) for run in list_runs(folder)]
    return rows if path.is_dir() else [row for row in rows if row["notebook"] == path.name]


def export_task(file: str, to: str, cell: str) -> dict[str, Any]:
    """An export cell's export, into the folder `exports` beside the notebook; Python comes with its `source`."""
    from .exporters.formats import FORMATS

    path = Path(file)
    notebook = open_notebook(path)
    exporting = find_cell(notebook, cell, ExportCell, "export")
    training = find_cell(notebook, exporting.training or None, TrainingCell, "training")
    folder = path.parent / "exports"
    folder.mkdir(exist_ok=True)
    output = folder / (path.stem + FORMATS[to].ending)
    options = exporting.options
    result = export(
        path,
        to=to,
        output=output,
        network=training.network or None,
        weights=str(options.get("weights", "last")),
        preparation=options.get("alone") is not True,
        carry=options.get("carry", True) is not False,
    )
    if to == "python":
        result["source"] = output.read_text(encoding="utf-8")
    return result
