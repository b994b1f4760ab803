"""What a command line asks of devices, held against the notebook before TensorFlow runs anything in this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...compiler.device_options import read_placement
from ...compiler.document import Notebook, TrainingCell
from ...compiler.passes.check_devices import check_devices
from ...compiler.problems import Problem, has_errors
from ..code_cells.consent import read_to_run
from ..inspect_notebook import NotebookProblems, find_cell
from ..threads_ahead import settle_threads_ahead


def ask(path: Path, cell: str | None, options: Mapping[str, Any]) -> None:
    """Makes the devices that the cell, or `options` instead of its own, wants. Raises OSError, NotFound, RunFailed, and
    NotebookProblems where such a training is refused."""
    notebook, problems = read_to_run(path)
    if has_errors(problems):
        return  # Told with all others.
    training = with_options(notebook, cell, options)
    refused = [*check_devices(training)] if options else []
    if refused:
        raise NotebookProblems(refused)
    placement = read_placement(training.options)
    if placement.to_json():
        from .strategies import make_devices

        make_devices(placement)
    settle_threads_ahead(notebook, [training])


def without_own_choice(problems: Iterable[Problem], cell: TrainingCell, options: Mapping[str, Any]) -> list[Problem]:
    """The problems without those of the cell's own choice of devices, where `options` stand instead of it."""
    own = [*check_devices(cell)] if options else []
    return [problem for problem in problems if problem not in own]


def check_asked(path: Path, cell: str | None, options: Mapping[str, Any]) -> tuple[Notebook, TrainingCell]:
    """The notebook in a file and its training cell, where `options` can be meant there. Raises OSError, NotFound,
    NotebookProblems."""
    notebook, problems = read_to_run(path)
    if has_errors(problems):
        raise NotebookProblems(problems)
    training = find_cell(notebook, cell, TrainingCell, "training")
    refused = [*check_devices(with_options(notebook, cell, options))]
    if refused:
        raise NotebookProblems(refused)
    return notebook, training


def with_options(notebook: Notebook, cell: str | None, options: Mapping[str, Any]) -> TrainingCell:
    """The training cell as it is for one run. Raises NotFound."""
    training = find_cell(notebook, cell, TrainingCell, "training")
    return training.model_copy(update={"options": {**training.options, **options}})
