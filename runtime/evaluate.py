"""A run's network on the rows that it did not learn from: metrics, confusions, residuals, mistakes. Imports Keras."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ..compiler.code.behind import code_behind
from ..compiler.deep_networks import make_room
from ..compiler.document import Choice, DataCell, NetworkCell, Notebook, TrainingCell
from ..compiler.nesting.references import with_definitions
from ..compiler.pipeline import check
from ..compiler.program import Program
from ..compiler.training_choices import TrainingPlan, plan_training
from .code_cells.consent import allowed_in
from .data.load import Dataset
from .evaluation.classes import evaluate_classes
from .evaluation.copies import evaluate_copies
from .evaluation.in_memory import first_of, in_memory
from .evaluation.numbers import evaluate_numbers
from .evaluation.output import OutputResult
from .run_directory import LAST, RunDirectory

# Predictions are equal up to rounding for any size; this one is quick on a CPU and small in memory.
_BATCH = 128


class CannotEvaluate(Exception):
    """A run that cannot be evaluated; the message tells why in one line."""


def evaluate_run(run_path: str, folder: str, weights: str = LAST) -> dict[str, Any]:
    """Plain data, bounded in size: {run, part, rows, metrics, outputs}, and the first output's own entries beside them.

    `metrics` are those of `model.evaluate`. Each output has {name, field, kind, worst} and what its kind adds: see
    evaluation/. `part` is validation, or training where no rows were held back. Raises CannotEvaluate.
    """
    from .quiet_tensorflow import quiet_tensorflow

    quiet_tensorflow()
    import keras

    from .code_cells.layers import registered_kinds
    from .compile_model import compile_model
    from .data.load import load
    from .data.source import UnusableData
    from .training_task import bind_arrays

    run = RunDirectory(Path(run_path))
    if not run.model_path.is_file():
        raise CannotEvaluate(f"Run {run.id} is {run.state()} and has no trained network to evaluate.")
    notebook, cell, data = _cells(run)
    if data.source == "code":
        from .code_cells.data_functions import take_rows_from

        take_rows_from(notebook)
    try:
        dataset = load(data, Path(folder))
    except UnusableData as error:
        raise CannotEvaluate(str(error)) from error
    program, plan = _plan(notebook, cell, dataset)
    make_room(len(program.calls))
    with registered_kinds(program.code):
        model: Any = keras.saving.load_model(run.weights_path(weights), compile=False)
    compile_model(model, plan, program)
    arrays = bind_arrays(program, plan, dataset)
    part = "validation" if len(dataset.validation_rows) else "training"
    x, y, *row_weights = in_memory(arrays.validation if part == "validation" else arrays.training)
    # Weights of classes are for training alone; those of a column belong to the rows.
    counted = row_weights[0] if row_weights and plan.sample_weight else None
    metrics = model.evaluate(x, y, sample_weight=counted, batch_size=_BATCH, verbose=0, return_dict=True)
    predicted = model.predict(x, batch_size=_BATCH, verbose=0)
    rows = (dataset.validation_rows if part == "validation" else dataset.train_rows)[: len(first_of(predicted))]
    raw = dataset.raw_validation if part == "validation" else dataset.raw_train
    outputs = []
    for output in program.outputs:
        several = len(program.outputs) > 1
        target = plan.targets[output.node]
        result = OutputResult(
            output.name,
            dataset.description.fields[plan.inputs.get(target, target)],
            y[output.name] if several else y,
            predicted[output.name] if several else predicted,
            rows,
            dataset,
            raw,
            is_input=target in plan.inputs,
            logits=_has_logits(plan.losses.get(output.node)),
        )
        outputs.append({"name": output.name, "field": result.target.name, **_evaluate(result)})
    found = {
        "run": run.id,
        "part": part,
        "rows": len(rows),
        "metrics": {name: float(value) if math.isfinite(value) else None for name, value in metrics.items()},
        "outputs": outputs,
    }
    return {**{key: value for key, value in outputs[0].items() if key not in ("name", "field")}, **found}


def _evaluate(result: OutputResult) -> dict[str, Any]:
    if result.is_input:
        return evaluate_copies(result)
    if result.target.content == "category" and result.target.classes:
        return evaluate_classes(result)
    if result.target.content in ("number", "series"):
        return evaluate_numbers(result)
    return evaluate_copies(result)


def _cells(run: RunDirectory) -> tuple[Notebook, TrainingCell, DataCell]:
    """The run's own snapshot, its training cell and data cell; other cells are left out of the notebook."""
    snapshot, info = run.notebook(), run.info()
    by_name = {cell.name: cell for cell in snapshot.cells}
    cell = by_name.get(str(info.get("cell", "")))
    if not isinstance(cell, TrainingCell):
        raise CannotEvaluate(f"The snapshot of run {run.id} has no training cell {info.get('cell')}.")
    network, data = by_name.get(cell.network), by_name.get(cell.data)
    if not isinstance(network, NetworkCell) or not isinstance(data, DataCell):
        raise CannotEvaluate(f"The snapshot of run {run.id} has no network or no data for {cell.name}.")
    networks = with_definitions(snapshot, [network])
    return Notebook(cells=(*code_behind(snapshot, [data, *networks]), data, *networks, cell)), cell, data


def _plan(notebook: Notebook, cell: TrainingCell, dataset: Dataset) -> tuple[Program, TrainingPlan]:
    from ..compiler.shapes import KerasShapes

    checked = check(notebook, oracle=KerasShapes(), data={cell.data: dataset.description}, allowed=allowed_in(notebook))
    errors = [problem for problem in checked.problems if problem.severity == "error"]
    if errors:
        raise CannotEvaluate(errors[0].message)
    program = checked.programs[cell.network]
    return program, plan_training(notebook, cell, program, dataset.description)[0]


def _has_logits(loss: Choice | None) -> bool:
    return bool(loss and loss.params.get("from_logits"))
