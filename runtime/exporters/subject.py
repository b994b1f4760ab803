"""What is exported: the model with its weights, the data it takes, and rows to compare with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ...compiler.deep_networks import make_room
from ...compiler.document import DataCell, NetworkCell, Notebook, TrainingCell
from ...compiler.keys import network_key_in
from ...compiler.pipeline import Checked
from ...compiler.program import Program
from ...compiler.to_keras import build_model
from ...compiler.training_choices import TrainingPlan, plan_training
from ..code_cells.layers import registered_kinds
from ..data.load import Dataset, load
from ..data.source import UnusableData
from ..run_directory import LAST, RunDirectory
from ..run_result import find_run, latest_finished
from ..start_weights import WeightsMissing, start_with
from .refused import ExportRefused

SAMPLE_ROWS = 32


@dataclass(frozen=True)
class Subject:
    """`model` is the network as drawn. `data`, `plan` and `dataset` are None where no training cell uses the network or
    its data cannot be read; then there is no preparation to export. `run` is None for fresh weights."""

    notebook: Notebook
    cell: NetworkCell
    program: Program
    model: keras.Model
    run: RunDirectory | None
    training: TrainingCell | None = None
    data: DataCell | None = None
    plan: TrainingPlan | None = None
    dataset: Dataset | None = None


Read = Callable[[DataCell, Path], Dataset]


def find_subject(
    notebook: Notebook,
    cell: NetworkCell,
    checked: Checked,
    path: Path,
    run: str | None,
    weights: str = LAST,
    read: Read = load,
) -> Subject:
    """Takes the last or best `weights` of the run, else of the newest finished one with this network, else those that
    the network begins with: from a file beside the notebook, or fresh ones from the notebook's seed. `read` gives the
    rows of a data cell. Raises ExportRefused, RunNotFound."""
    program = checked.programs.get(cell.name)
    if program is None:
        raise ExportRefused(f"{cell.name} has problems; `weftwork check {path.name}` lists them.")
    chosen = _chosen_run(notebook, cell, path, run)
    training = _training_cell(notebook, cell, chosen)
    data, plan, dataset = _data(notebook, training, program, path.parent, read)
    if chosen is None:
        keras.utils.set_random_seed(training.seed if training else 0)
        model = build_model(program)
        try:
            start_with(model, program, cell, path.parent)
        except WeightsMissing as error:
            raise ExportRefused(str(error)) from error
    else:
        make_room(len(program.calls))
        with registered_kinds(program.code):
            model = keras.models.load_model(chosen.weights_path(weights), compile=False)
    assert isinstance(model, keras.Model)
    return Subject(notebook, cell, program, model, chosen, training, data, plan, dataset)


def for_training(subject: Subject, training: TrainingCell, folder: Path, read: Read = load) -> Subject:
    """The same model as another training cell of the notebook takes it."""
    data, plan, dataset = _data(subject.notebook, training, subject.program, folder, read)
    return replace(subject, training=training, data=data, plan=plan, dataset=dataset)


def _chosen_run(notebook: Notebook, cell: NetworkCell, path: Path, run: str | None) -> RunDirectory | None:
    key = network_key_in(notebook, cell)
    if run is None:
        return latest_finished(path.parent, path.name, network=cell.name, network_key=key)
    chosen = find_run(path.parent, run)
    if not chosen.model_path.is_file():
        raise ExportRefused(f"Run {chosen.id} has no trained model yet: it is {chosen.state()}.")
    if chosen.info().get("network_key") != key:
        raise ExportRefused(f"Run {chosen.id} trained another network than {cell.name} as it is now.")
    return chosen


def _training_cell(notebook: Notebook, cell: NetworkCell, run: RunDirectory | None) -> TrainingCell | None:
    using = [c for c in notebook.cells if isinstance(c, TrainingCell) and c.network == cell.name]
    named = [c for c in using if run is not None and c.name == run.info().get("cell")]
    return next(iter([*named, *using]), None)


def _data(
    notebook: Notebook, training: TrainingCell | None, program: Program, folder: Path, read: Read
) -> tuple[DataCell | None, TrainingPlan | None, Dataset | None]:
    data = next((c for c in notebook.cells if training is not None and c.name == training.data), None)
    if training is None or not isinstance(data, DataCell):
        return None, None, None
    try:
        dataset = read(data, folder)
    except UnusableData:
        return None, None, None
    plan, problems = plan_training(notebook, training, program, dataset.description)
    if any(problem.severity == "error" for problem in problems):
        return None, None, None
    return data, plan, dataset


def network_samples(subject: Subject) -> dict[str, np.ndarray]:
    """Up to 32 rows as the network takes them, by Input name; random ones where there are no data."""
    samples = {}
    random = np.random.default_rng(0)
    for given in subject.program.inputs:
        if subject.plan is not None and subject.dataset is not None:
            rows = {**subject.dataset.validation}[subject.plan.inputs[given.node]]
            samples[given.name] = rows[:SAMPLE_ROWS].astype(given.dtype)
        else:
            shape = [SAMPLE_ROWS, *(size or 8 for size in given.shape)]
            values = random.normal(size=shape) if "float" in given.dtype else random.integers(0, 2, size=shape)
            samples[given.name] = values.astype(given.dtype)
    return unnamed_if_alone(samples)


def unnamed_if_alone(by_name: dict[str, Any]) -> dict[str, Any]:
    """A single entry goes by the name "": models take and give one tensor as it is, several by name."""
    return {"": next(iter(by_name.values()))} if len(by_name) == 1 else by_name
