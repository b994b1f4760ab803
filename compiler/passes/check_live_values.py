"""Live values in prose that there are not: a cell that does not exist, or one that has no such value."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..cell_graph import by_name
from ..changes import SetField
from ..document import Notebook, TextCell
from ..live_values import VALUES, Mention, mentions, replaced
from ..problems import Fix, Location, Problem

# Kinds that have something to tell; what metrics a run has is known only after it.
_TELLING = ("data", "network", "training", "evaluation")


def check_live_values(notebook: Notebook) -> list[Problem]:
    problems: list[Problem] = []
    for cell in notebook.cells:
        if isinstance(cell, TextCell):
            named = {(mention.cell, mention.value): mention for mention in mentions(cell.text)}
            for mention in named.values():
                problems += _of_mention(notebook, cell, mention)
    return problems


def _of_mention(notebook: Notebook, cell: TextCell, mention: Mention) -> Iterator[Problem]:
    used = by_name(notebook).get(mention.cell)
    written = "{{" + f"{mention.cell}.{mention.value}" + "}}"
    if used is None or used.kind not in _TELLING:
        there = [other.name for other in notebook.cells if other.kind in _TELLING]
        near = get_close_matches(mention.cell, there, n=1) or there[-1:]
        message = f"{cell.name} shows {written}, but no cell is called {mention.cell}."
        if used is not None:
            message = f"{cell.name} shows {written}, but {mention.cell} is a {used.kind} cell, which has no values."
        yield _problem("T426", message, cell, mention, [(name, mention.value) for name in near])
        return
    values = VALUES.get(used.kind)
    if values is not None and mention.value not in values:
        near = get_close_matches(mention.value, sorted(values), n=1) or sorted(values)[:1]
        message = f"{cell.name} shows {written}, but {used.kind} cell {used.name} has no {mention.value}."
        known = f"It has {', '.join(sorted(values))}."
        yield _problem("T427", message, cell, mention, [(mention.cell, name) for name in near], known)


def _problem(
    code: str, message: str, cell: TextCell, mention: Mention, offered: list[tuple[str, str]], help: str = ""
) -> Problem:
    fixes = tuple(
        Fix(
            "Show {{" + f"{name}.{value}" + "}}",
            (SetField(cell=cell.id, field="text", value=replaced(cell.text, mention, name, value)),),
        )
        for name, value in offered
    )
    return Problem(code, message, Location(cell.name, parameter="text"), severity="warning", help=help, fixes=fixes)
