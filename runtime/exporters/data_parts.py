"""The pieces of code that read, prepare and part the rows of one data cell, for a script and for a Jupyter notebook."""

from __future__ import annotations

from collections.abc import Iterable

from ...compiler.document import DataCell
from ...compiler.training_choices import TrainingPlan
from ..data.load import Dataset
from ..data.preparation import preparation_source, raw_inputs
from .data_source import loading_code
from .split_source import split_field, split_source


class DataParts:
    """`plans` are the trainings that take rows of this cell; without any, all its fields are read."""

    def __init__(self, cell: DataCell, dataset: Dataset, plans: Iterable[TrainingPlan]) -> None:
        self.cell, self.dataset = cell, dataset
        plans = list(plans)
        fields = dataset.description.fields
        inputs = [name for plan in plans for name in plan.inputs.values()]
        targets = [name for plan in plans for name in plan.targets.values() if name in dataset.plan]
        if not plans:
            inputs = [name for name in dataset.plan if fields[name].role == "feature"]
            targets = [name for name in dataset.plan if fields[name].role == "target"]
        self.inputs = list(dict.fromkeys(inputs))
        self.targets = [name for name in dict.fromkeys(targets) if name not in self.inputs]
        weights = [plan.sample_weight for plan in plans if plan.sample_weight]
        parted_by = split_field(cell, dataset)
        wanted: list[str] = [*self.inputs, *self.targets, *weights, *([parted_by] if parted_by else [])]
        self._loading = loading_code(cell, dataset, list(dict.fromkeys(wanted)))
        # A target in other units than the source's is prepared like an input; classes stay the codes that they are.
        self._prepared = [*self.inputs, *(name for name in self.targets if fields[name].content != "category")]
        self._preparation = preparation_source(dataset, self._prepared)

    def imports(self) -> list[str]:
        """Import lines beside those of the network."""
        layers = ["import keras", "from keras import layers"] if self._preparation else []
        return [*self._loading.imports, *layers, "import numpy as np"]

    def constants(self) -> list[str]:
        return [
            f"VALIDATION = {self.cell.split.validation!r}  # share of the rows",
            f"SPLIT_SEED = {self.cell.split.seed}",
            *self._loading.constants,
        ]

    def functions(self) -> list[str]:
        """`load_rows`, `split`, and `build_preparation` where something is prepared."""
        head = ["def load_rows():", '    """Every row, before preparation: arrays by name."""']
        *lines, last = self._loading.lines
        # Where nothing comes after the rows they need no name.
        ends = [f"return {last.removeprefix('rows = ')}"] if last.startswith("rows = {") else [last, "return rows"]
        loading = "\n".join([*head, *(f"    {line}" for line in (*lines, *ends)), ""])
        parts = [loading, split_source(self.cell, self.dataset).strip("\n") + "\n"]
        return [*parts, self._preparation] if self._preparation else parts

    def lines(self) -> list[str]:
        """From the source to `rows`, prepared, and the row numbers `training` and `validation`."""
        lines = ["rows = load_rows()"]
        if self._preparation:
            raw = list(raw_inputs(self.dataset, self._prepared))
            lines.append("preparation = build_preparation()")
            given = ", ".join(f"{name!r}: rows[{name!r}]" for name in raw)
            if len(raw) > 2:
                given = f"name: rows[name] for name in {raw!r}"
            lines.append(f"rows |= preparation.predict({{{given}}}, verbose=0)")
        return [*lines, "training, validation = split(rows)"]
