"""What code finds at hand: the notebook's data, networks and trained networks by the names of their cells.

They are made when code asks for them: data are read once, networks built, trained ones loaded. Child processes only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...compiler.code.graph import objects_at_hand
from ...compiler.document import CodeCell, DataCell, NetworkCell, Notebook, TrainingCell

if TYPE_CHECKING:
    import keras
    import numpy as np
    import pandas as pd

    from ..data.load import Dataset


class NotAtHand(Exception):
    """What a cell cannot give to code, in one sentence."""


class Data:
    """The rows of a data cell. `train` and `validation` are arrays by field, prepared as a training gets them."""

    def __init__(self, cell: DataCell, folder: Path) -> None:
        self._cell, self._folder = cell, folder

    @cached_property
    def _dataset(self) -> Dataset:
        from ..data.load import load
        from ..data.source import UnusableData

        try:
            return load(self._cell, self._folder)
        except UnusableData as error:
            raise NotAtHand(f"{self._cell.name} has no rows to give: {error}") from error

    @cached_property
    def train(self) -> dict[str, np.ndarray]:
        """The training part, prepared: arrays by field, of shape (rows, …)."""
        return _arrays(self._dataset.train)

    @cached_property
    def validation(self) -> dict[str, np.ndarray]:
        """The rows held back for validation, prepared: arrays by field, of shape (rows, …)."""
        return _arrays(self._dataset.validation)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All rows as they stand in the source, a column for each: numbers, words, times. Pictures and series have
        one array in each row."""
        import pandas as pd

        from ..data.read_source import read_raw

        raw, _ = read_raw(self._cell, self._folder)
        return pd.DataFrame({name: _column(column) for name, column in raw.columns.items()})

    @property
    def fields(self) -> dict[str, tuple[int, ...]]:
        """The shape of each field of a row."""
        return {name: array.shape[1:] for name, array in self.train.items()}

    def __repr__(self) -> str:
        return f"Data {self._cell.name}: frame, train, validation"


class Network:
    """A network cell. `build()` makes a Keras model of it, with the weights that it brings along, or new ones."""

    def __init__(self, cell: NetworkCell, notebook: Notebook, allowed: Collection[str], folder: Path) -> None:
        self._cell, self._notebook, self._allowed, self._folder = cell, notebook, allowed, folder

    def build(self) -> keras.Model:
        """The network as a Keras model, its weights from the file beside the notebook where it has one. Raises
        NotAtHand where the drawing has errors, or the file is not there."""
        from ...compiler.nesting.references import with_definitions
        from ...compiler.pipeline import check
        from ...compiler.shapes import KerasShapes
        from ...compiler.to_keras import build_model

        code = tuple(cell for cell in self._notebook.cells if isinstance(cell, CodeCell))
        part = Notebook(cells=(*code, *with_definitions(self._notebook, [self._cell])))
        checked = check(part, oracle=KerasShapes(), allowed=self._allowed)
        program = checked.programs.get(self._cell.name)
        if program is None:
            errors = [one.message for one in checked.problems if one.severity == "error"]
            raise NotAtHand(f"{self._cell.name} cannot be built: {errors[0] if errors else 'it has problems'}")
        model = build_model(program)
        from ..start_weights import WeightsMissing, start_with

        try:
            start_with(model, program, self._cell, self._folder)
        except WeightsMissing as error:
            raise NotAtHand(str(error)) from error
        return model

    def __repr__(self) -> str:
        return f"Network {self._cell.name}: build()"


class Training:
    """A training cell. `model` is its trained network, `metrics` the latest of each, `history` those of every epoch."""

    def __init__(self, cell: TrainingCell, run: str, kinds: Callable[[], Any]) -> None:
        self._cell, self._run, self._kinds = cell, run, kinds

    def _directory(self) -> Any:
        from ..run_directory import RunDirectory

        run = RunDirectory(Path(self._run)) if self._run else None
        if run is None or not run.model_path.is_file():
            raise NotAtHand(f"{self._cell.name} has not been trained")
        return run

    @cached_property
    def model(self) -> keras.Model:
        """The trained network, with its last weights."""
        import keras

        run = self._directory()
        with self._kinds():
            found: Any = keras.saving.load_model(run.model_path, compile=False)
        return found

    @property
    def metrics(self) -> dict[str, float]:
        from ..run_result import run_result

        return dict(run_result(self._directory())["metrics"])

    @property
    def history(self) -> pd.DataFrame:
        import pandas as pd

        epochs = self._directory().epochs()
        rows = [{"epoch": one.get("epoch"), **one.get("metrics", {})} for one in epochs]
        return pd.DataFrame(rows).set_index("epoch") if rows else pd.DataFrame()

    def __repr__(self) -> str:
        return f"Training {self._cell.name}: model, metrics, history"


def objects_for(
    notebook: Notebook, used: Collection[str], folder: Path, runs: Mapping[str, str], allowed: Collection[str]
) -> dict[str, Any]:
    """The objects that code uses, by variable. `runs` has the trained run of each training cell."""
    from .layers import registered

    found: dict[str, Any] = {}
    for variable, name in objects_at_hand(notebook).items():
        if variable not in used:
            continue
        cell = notebook.cell(name)
        match cell:
            case DataCell():
                found[variable] = Data(cell, folder)
            case NetworkCell():
                found[variable] = Network(cell, notebook, allowed, folder)
            case TrainingCell():
                found[variable] = Training(cell, runs.get(name, ""), lambda: registered(notebook, allowed))
    return found


def _arrays(part: Mapping[str, Any]) -> dict[str, np.ndarray]:
    import numpy as np

    # Rows in files give themselves as a whole only when they are asked for.
    whole = {name: values if hasattr(values, "__array__") else values[:] for name, values in part.items()}
    return {name: np.asarray(values) for name, values in whole.items()}


def _column(column: Any) -> Any:
    values = column.values
    return list(values) if getattr(values, "ndim", 1) > 1 else values
