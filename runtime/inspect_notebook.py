"""A notebook file read and checked with all that there is to ask: Keras for shapes, the files for data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..compiler.document import CodeCell, DataCell, Notebook
from ..compiler.nesting.references import used_networks
from ..compiler.passes.weigh_classes import weigh_classes
from ..compiler.pipeline import Checked
from ..compiler.pipeline import check as check_notebook
from ..compiler.problems import Problem, has_errors, render
from ..compiler.specs import DataDescription
from .code_cells.consent import allowed_in, read_to_run
from .quiet_tensorflow import quiet_tensorflow


class NotebookProblems(Exception):
    """What was asked for cannot be done because the notebook has errors; `problems` says which."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(render(problem) for problem in problems if problem.severity == "error"))
        self.problems = problems


class NotFound(Exception):
    """No cell, network or run of the given name; the message lists what there is."""


def inspect(path: str | Path) -> tuple[Notebook, list[Problem], Checked]:
    """The notebook, all its problems, and what the compiler made of it."""
    path = Path(path)
    notebook, problems = read_to_run(path)
    checked, data_problems = compile_notebook(notebook, path.parent)
    return notebook, [*problems, *data_problems, *checked.problems], checked


def compile_notebook(notebook: Notebook, folder: Path) -> tuple[Checked, list[Problem]]:
    """The notebook checked with Keras' own shapes and the data's own fields; and the problems of the data."""
    if any(isinstance(cell, CodeCell) for cell in notebook.cells):
        from .code_cells.data_functions import take_rows_from

        take_rows_from(notebook)
    data, problems = describe_data(notebook, folder)
    oracle = None
    if any(cell.nodes for cell in notebook.networks()):
        quiet_tensorflow()
        from ..compiler.shapes import KerasShapes

        oracle = KerasShapes()
    return check_notebook(notebook, oracle=oracle, data=data, allowed=allowed_in(notebook)), problems


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
    return data, weigh_classes(notebook, problems)


def find_cell(notebook: Notebook, name: str | None, kind: type, word: str) -> Any:
    """The cell of that kind with that name, or the only one; of networks the only one that stands in no other. Raises
    NotFound."""
    cells = [cell for cell in notebook.cells if isinstance(cell, kind)]
    parts = {used for network in notebook.networks() for used in used_networks(network)} if name is None else set()
    named = [cell for cell in cells if cell.name not in parts and (name is None or cell.name == name)]
    if len(named) == 1:
        return named[0]
    there = ", ".join(cell.name for cell in cells) or "none"
    if name is None and cells:
        raise NotFound(f"There are several {word} cells; name one of: {there}.")
    raise NotFound(f"There is no {word} cell{f' called {name}' if name else ''}; there is: {there}.")
