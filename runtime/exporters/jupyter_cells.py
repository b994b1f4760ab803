"""The cells of a Jupyter notebook that does what a notebook does: prose as markdown, the rest as Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...compiler.cell_graph import cell_graph
from ...compiler.code.graph import objects_at_hand, uses_of_code
from ...compiler.code.kinds import source_text
from ...compiler.document import (
    CodeCell,
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
)
from ...compiler.model_name import model_name
from ...compiler.program import Program
from ...compiler.python_text import Imports
from ...compiler.python_uses import with_functions
from ...compiler.to_python import formatted, model_function
from ..data.load import Dataset
from .answers_source import answers_source
from .data_parts import DataParts
from .jupyter_names import (
    OF_DATA,
    OF_DATA_CONSTANTS,
    OF_TRAINING,
    OF_TRAINING_CONSTANTS,
    builder_names,
    built_networks,
    own_names,
    renamed_apart,
)
from .prose import prose
from .renamed import functions_of, renamed
from .subject import Subject
from .training_parts import TrainingParts
from .write_ipynb import JupyterCell
from .write_python import import_lines

# What code finds at hand of a cell, as runtime/code_cells/namespace.py gives it.
_DATA_AT_HAND = {
    "train": "{name: array[training] for name, array in rows.items()}",
    "validation": "{name: array[validation] for name, array in rows.items()}",
}
_TRAINING_AT_HAND = {
    "model": "model",
    "metrics": "{name: values[-1] for name, values in history.history.items()}",
    "history": "history.history",
}


@dataclass(frozen=True)
class Material:
    """What there is to write of. `programs` go by network, `subjects` by training, `datasets` by data cell; what is
    left out of the last two cannot be written. `values` are what prose may show of each cell."""

    notebook: Notebook
    programs: Mapping[str, Program]
    subjects: Mapping[str, Subject]
    datasets: Mapping[str, Dataset]
    values: Mapping[str, Mapping[str, str]]


def jupyter_cells(material: Material) -> list[JupyterCell]:
    """All cells, each after those that it uses; imports and configuration stand before the first code."""
    return _Writer(material).cells()


class _Writer:
    def __init__(self, material: Material) -> None:
        self.material, self.notebook = material, material.notebook
        self.by_name = {cell.name: cell for cell in reversed(self.notebook.cells)}
        self.graph = cell_graph(self.notebook)
        at_hand = objects_at_hand(self.notebook)
        asked = {name for used in uses_of_code(self.notebook).values() for name in used}
        # By cell, the variable by which code cells know it.
        self.at_hand = {cell: variable for variable, cell in at_hand.items() if variable in asked}
        self.imports = Imports()
        self.other_imports: set[str] = set()
        self.constants: list[str] = []
        self.trainings = {name: TrainingParts(subject, self.imports) for name, subject in material.subjects.items()}
        self.data = {name: self._data_parts(name) for name in material.datasets}
        self.builders, self.functions, self.functions_before = self._networks()
        taken = set(self.at_hand.values())
        self.data_names = own_names(list(material.datasets), OF_DATA, OF_DATA_CONSTANTS, taken)
        self.training_names = own_names(list(self.trainings), OF_TRAINING, OF_TRAINING_CONSTANTS, taken)
        self.written: list[JupyterCell] = []
        self.done: set[str] = set()

    def cells(self) -> list[JupyterCell]:
        for cell in self.notebook.cells:
            self._write(cell)
        first = next((n for n, cell in enumerate(self.written) if cell.kind == "code"), len(self.written))
        head = self._configuration()
        return [*self.written[:first], *head, *self.written[first:]]

    def _data_parts(self, name: str) -> DataParts:
        subjects = [
            subject for subject in self.material.subjects.values() if subject.data and subject.data.name == name
        ]
        cell = self.by_name[name]
        assert isinstance(cell, DataCell)
        return DataParts(cell, self.material.datasets[name], [subject.plan for subject in subjects if subject.plan])

    def _networks(self) -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, str]]:
        """The name of each network's builder; by network the functions that its cell defines; and by function of a
        network inside a network, the cell of that."""
        main = built_networks(self.notebook, self.material.programs)
        builders = builder_names(main)
        functions: dict[str, dict[str, str]] = {}
        owners: dict[str, str] = {}
        taken: dict[str, str] = {}
        for name in main:
            program = self.material.programs[name]
            # Layers of the user's own stand in their code cells already.
            own = functions_of("\n\n".join(source_text(program.code)[1]))
            found = functions_of(model_function(program, self.imports))
            found = {function: text for function, text in found.items() if function not in own}
            found = renamed_apart(found, taken, {"build_model": builders[name]})
            taken |= found
            functions[name] = found
            if with_functions(self.material.programs[name]) is not None:
                parts = {model_name(part): part for part in self.material.programs[name].definitions}
                owners |= {own: parts[own] for own in found if own in parts}
        return builders, functions, owners

    def _write(self, cell: Any) -> None:
        if cell.id in self.done:
            return
        self.done.add(cell.id)
        if not isinstance(cell, TextCell) and self.by_name[cell.name] is cell:
            for used in [other for other in self.notebook.cells if self.graph.has_edge(other.name, cell.name)]:
                self._write(used)
        match cell:
            case TextCell():
                self._markdown(prose(cell.text, self.material.values), cell.id)
            case CodeCell():
                # As it is: how a person breaks lines is hers to say.
                self._add("code", cell.code, cell.id)
            case NetworkCell():
                self._network(cell)
            case DataCell():
                self._data(cell)
            case TrainingCell():
                self._training(cell)
            case EvaluationCell() | ExportCell():
                self._of_training(cell)

    def _network(self, cell: NetworkCell) -> None:
        own = list(self._functions_of_part(cell.name).values())
        if cell.name in self.functions:
            own += [text for name, text in self.functions[cell.name].items() if self._once(name, text)]
            own += [f"{line}\n" for line in self._for_code(cell.name, {"build": self.builders[cell.name]})]
            if not any(subject.cell.name == cell.name for subject in self.material.subjects.values()):
                own.append(f"{self.builders[cell.name]}().summary()")
        if own:
            self._code(own, cell.id)
        elif cell.name not in self.material.programs:
            self._markdown(f"*The network “{cell.name}” has problems and is left out.*", cell.id)

    def _functions_of_part(self, name: str) -> dict[str, str]:
        """Functions of a network that stands in others: in its own cell where that comes before them."""
        found: dict[str, str] = {}
        for functions in self.functions.values():
            own = next((own for own in functions if self.functions_before.get(own) == name), None)
            if own is None or own in found:
                continue
            # What it calls comes before it in the same order.
            for inner, text in functions.items():
                if inner in self.functions_before and self._once(inner, text):
                    found[inner] = text
                if inner == own:
                    break
        return found

    def _once(self, name: str, text: str) -> bool:
        if f"def {name}" in self.done:
            return False
        self.done.add(f"def {name}")
        return True

    def _data(self, cell: DataCell) -> None:
        parts = self.data.get(cell.name)
        if parts is None:
            self._markdown(
                f"*The rows of “{cell.name}” could not be read when this was exported; add them here.*", cell.id
            )
            return
        names = self.data_names[cell.name]
        self.other_imports.update(parts.imports())
        constants = parts.constants()
        if cell.source == "code":
            # The function stands in its code cell.
            constants = [line for line in constants if line.partition(" ")[0] in OF_DATA_CONSTANTS]
        self.constants += [renamed(line, names) for line in constants]
        lines = [
            *parts.lines(),
            *self._for_code(cell.name, _DATA_AT_HAND),
            "{name: array.shape for name, array in rows.items()}",
        ]
        self._code([renamed(text, names) for text in (*parts.functions(), "\n".join(lines))], cell.id)

    def _training(self, cell: TrainingCell) -> None:
        parts = self.trainings.get(cell.name)
        if parts is None:
            self._markdown(
                f"*The training “{cell.name}” is left out: its network, its data or its settings have problems.*",
                cell.id,
            )
            return
        names = self._names(cell)
        self.other_imports.update(["import keras", "import pandas as pd", *parts.modules()])
        self.constants += [renamed(line, names) for line in parts.constants()]
        known = self._for_code(cell.name, _TRAINING_AT_HAND)
        lines = [line.replace("model.fit(", "history = model.fit(", 1) for line in parts.lines()]
        text = "\n".join(
            ["keras.utils.set_random_seed(SEED)", *parts.rows(), "", *lines, *known, "pd.DataFrame(history.history)"]
        )
        functions = [renamed(text, names) for text in parts.functions()]
        functions = [text for text in functions if self._once(text, text)]
        self._code([*functions, renamed(text, names)], cell.id)

    def _for_code(self, name: str, parts: Mapping[str, str]) -> list[str]:
        """A line that binds what code cells find at hand under the cell's name, none where no code asks for it."""
        if name not in self.at_hand:
            return []
        self.other_imports.add("from types import SimpleNamespace")
        arguments = ", ".join(f"{part}={text}" for part, text in parts.items())
        return [f"{self.at_hand[name]} = SimpleNamespace({arguments})"]

    def _of_training(self, cell: EvaluationCell | ExportCell) -> None:
        parts, training = self.trainings.get(cell.training), self.by_name.get(cell.training)
        if parts is None or not isinstance(training, TrainingCell):
            return
        lines = answers_source(parts) if isinstance(cell, EvaluationCell) else [parts.saving()]
        self.other_imports.update(["import numpy as np", "import pandas as pd"] if len(lines) > 1 else [])
        self._code([renamed("\n".join(lines), self._names(training))], cell.id)

    def _names(self, cell: TrainingCell) -> dict[str, str]:
        subject = self.material.subjects[cell.name]
        assert subject.data is not None
        built = {"build_model": self.builders[subject.cell.name]}
        return {**self.data_names[subject.data.name], **self.training_names[cell.name], **built}

    def _configuration(self) -> list[JupyterCell]:
        lines = import_lines(self.imports, self.other_imports) if self.builders or self.other_imports else []
        text = formatted("\n".join([*lines, "", *dict.fromkeys(self.constants)])) if lines else ""
        return [JupyterCell("code", text.strip("\n"))] if text.strip() else []

    def _code(self, parts: list[str], of: str) -> None:
        self._add("code", formatted("\n\n".join(parts)).strip("\n"), of)

    def _markdown(self, text: str, of: str) -> None:
        self._add("markdown", text, of)

    def _add(self, kind: Literal["markdown", "code"], source: str, of: str) -> None:
        self.written.append(JupyterCell(kind, source, of))
