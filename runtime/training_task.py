"""What a run is to do: its snapshot of the notebook, checked, with the data loaded and every choice made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..compiler.code.behind import code_behind
from ..compiler.document import DataCell, NetworkCell, Notebook, TrainingCell
from ..compiler.keys import cell_keys
from ..compiler.nesting.references import with_definitions
from ..compiler.pipeline import check
from ..compiler.problems import Problem, has_errors
from ..compiler.program import Program
from ..compiler.shapes import KerasShapes
from ..compiler.training_choices import plan_training
from .augment import augmenting
from .batches import Arrays
from .code_cells.consent import allowed_in
from .data.load import Dataset, load
from .data.source import UnusableData
from .failure import RunFailed
from .row_weights import row_weights
from .run_record import RunRecord

# Options of a run that stand for a field of its training cell.
_OVERRIDES = ("epochs", "batch_size", "seed")


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """`facts` is what run.json is to say of it; `cell` and `network` are names."""

    cell: str
    network: str
    program: Program
    plan: Any
    arrays: Arrays
    drawn: NetworkCell
    facts: dict[str, Any] = field(default_factory=dict)
    # The training rows' numbers in their source, for messages.
    source_rows: np.ndarray | None = None


def read_task(record: RunRecord) -> TrainingTask:
    """Reads the run's own snapshot. Raises RunFailed with the place of the first problem, all of which are told as
    events."""
    info = record.info
    notebook = record.run.notebook()
    cell = notebook.cell(info["cell"])
    if not isinstance(cell, TrainingCell):
        raise RunFailed(f"{info['cell']} is no training cell.", {"cell": info["cell"]})
    options = info.get("options") or {}
    cell = cell.model_copy(update={name: options[name] for name in _OVERRIDES if name in options})
    network, data = _used(notebook, cell)
    if data.source == "code":
        from .code_cells.data_functions import take_rows_from

        take_rows_from(notebook)
    dataset = _load(record, data)
    # Cells that this run does not use may be as wrong as they like.
    networks = with_definitions(notebook, [network])
    used = Notebook(cells=(*code_behind(notebook, [data, *networks]), data, *networks, cell))
    checked = check(used, oracle=KerasShapes(), data={data.name: dataset.description}, allowed=allowed_in(used))
    _refuse_errors(record, checked.problems)
    program = checked.programs[network.name]
    plan, problems = plan_training(used, cell, program, dataset.description)
    _refuse_errors(record, tuple(problems))
    fingerprint = dataset.description.fingerprint
    if info.get("data_fingerprint", fingerprint) != fingerprint:
        raise RunFailed("The data have changed since this run began; start a new run.", {"cell": data.name})
    facts = {
        "data_fingerprint": fingerprint,
        "key": cell_keys(used, {data.name: fingerprint}).get(cell.name, ""),
        "rows": dataset.description.rows,
        "validation_rows": dataset.description.validation_rows,
        "batch_size": plan.batch_size,
        "epochs": plan.epochs,
        "plan": plan_to_json(plan),
    }
    arrays = bind_arrays(program, plan, dataset)
    return TrainingTask(cell.name, network.name, program, plan, arrays, network, facts, dataset.train_rows)


def _used(notebook: Notebook, cell: TrainingCell) -> tuple[NetworkCell, DataCell]:
    by_name = {other.name: other for other in notebook.cells}
    network, data = by_name.get(cell.network), by_name.get(cell.data)
    if not isinstance(network, NetworkCell):
        raise RunFailed(f"{cell.name} names no network cell.", {"cell": cell.name, "parameter": "network"})
    if not isinstance(data, DataCell):
        raise RunFailed(f"{cell.name} names no data cell.", {"cell": cell.name, "parameter": "data"})
    return network, data


def _load(record: RunRecord, cell: DataCell) -> Dataset:
    # Runs stand in <folder>/.weftwork/runs/<id>; files are found from the notebook's folder.
    folder = record.path.parents[2]
    try:
        return load(cell, Path(folder))
    except UnusableData as error:
        _refuse_errors(record, error.problems)
        raise RunFailed(str(error), {"cell": cell.name}) from error


def _refuse_errors(record: RunRecord, problems: tuple[Problem, ...]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    # The first one becomes the message of the failure, and is told with it.
    for problem in errors[1:]:
        record.event("problem", message=problem.message, at=problem.at.to_json(), code=problem.code)
    if has_errors(errors):
        raise RunFailed(errors[0].message, errors[0].at.to_json())


def bind_arrays(program: Program, plan: Any, dataset: Dataset) -> Arrays:
    """The data's fields as the model takes them: one Input or Output an array, several a dict by name."""
    fields = {given.node: plan.inputs[given.node] for given in program.inputs}

    def inputs(part: Mapping[str, Any]) -> Any:
        return _alone({given.name: part[fields[given.node]] for given in program.inputs})

    def targets(part: Mapping[str, Any]) -> Any:
        # A target may be an input: an autoencoder is to give back what it got.
        named = {output.name: plan.targets[output.node] for output in program.outputs}
        return _alone({name: part[fields.get(target, target)] for name, target in named.items()})

    validation = dataset.validation if dataset.description.validation_rows else None
    weights, validation_weights = row_weights(program, plan, dataset)
    return Arrays(
        inputs(dataset.train),
        targets(dataset.train),
        inputs(validation) if validation else None,
        targets(validation) if validation else None,
        weights,
        validation_weights if validation else None,
        fingerprint=dataset.description.fingerprint,
        augment=augmenting(dataset.plan, {given.name: fields[given.node] for given in program.inputs}),
    )


def _alone(by_name: dict[str, Any]) -> Any:
    return next(iter(by_name.values())) if len(by_name) == 1 else by_name


def plan_to_json(plan: Any) -> dict[str, Any]:
    """The plan as run.json keeps it."""

    def plain(value: Any) -> Any:
        if hasattr(value, "model_dump"):
            return value.model_dump(mode="json")
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return value

    names = getattr(plan, "__dataclass_fields__", None) or getattr(type(plan), "model_fields", {})
    return {name: plain(getattr(plan, name)) for name in names}
