"""Cells that use each other in a circle: none of them could be run first."""

from __future__ import annotations

from itertools import chain

import networkx as nx

from ..cell_graph import by_name, cell_graph, references
from ..changes import RemoveCell, SetField
from ..document import AnyCell, CodeCell, NetworkCell, Notebook, UnknownCell
from ..problems import Fix, Location, Problem


def check_circles(notebook: Notebook) -> list[Problem]:
    """One problem for each circle of at least two cells, with a fix for each reference that would open it.

    A cell that names itself names a cell of the wrong kind, which is said elsewhere.
    """
    graph = cell_graph(notebook)
    problems = []
    for part in nx.strongly_connected_components(graph):
        # Networks that contain each other are told where they are drawn.
        if len(part) > 1 and not all(isinstance(by_name(notebook)[name], NetworkCell) for name in part):
            # Arrows lead from the used to the using cell; read backwards, each cell uses the next.
            circle = [used for used, _ in reversed(nx.find_cycle(graph.subgraph(part)))]
            problems.append(_problem(notebook, circle))
    return problems


def _problem(notebook: Notebook, circle: list[str]) -> Problem:
    cells = by_name(notebook)
    # Begins with the cell that stands first on the page, so that the message stays the same.
    places = {cell.name: place for place, cell in enumerate(notebook.cells)}
    start = circle.index(min(circle, key=lambda name: places[name]))
    circle = circle[start:] + circle[:start]
    links = list(zip(circle, [*circle[1:], circle[0]], strict=True))
    opened = list(chain.from_iterable(_openings(cells[user], used) for user, used in links))
    at = Location(opened[0][0].name, parameter=opened[0][1]) if opened else Location(circle[0])
    return Problem(
        "T425",
        f"Cells use each other in a circle: {' → '.join([*circle, circle[0]])}.",
        at,
        help="None of them can be run before the others. Let one of them use something else.",
        related=tuple((Location(name), "is part of the circle") for name in circle if name != at.cell),
        fixes=tuple(
            Fix(f"Let {cell.name} not use {name}", (SetField(cell=cell.id, field=field, value=""),))
            for cell, field, name in opened
        )
        + tuple(
            _joined(cells[user], cells[used], places) for user, used in links if _both_code(cells[user], cells[used])
        ),
    )


def _both_code(one: AnyCell | UnknownCell, other: AnyCell | UnknownCell) -> bool:
    return isinstance(one, CodeCell) and isinstance(other, CodeCell)


def _joined(one: AnyCell | UnknownCell, other: AnyCell | UnknownCell, places: dict[str, int]) -> Fix:
    """Two cells of code as one, in the place of the first."""
    first, second = sorted((one, other), key=lambda cell: places[cell.name])
    assert isinstance(first, CodeCell)
    assert isinstance(second, CodeCell)
    code = f"{first.code.rstrip()}\n\n{second.code.lstrip()}"
    changes = (SetField(cell=first.id, field="code", value=code), RemoveCell(cell=second.id))
    return Fix(f"Join {first.name} and {second.name}", changes)


def _openings(cell: AnyCell | UnknownCell, used: str) -> list[tuple[AnyCell | UnknownCell, str, str]]:
    """The fields by which a cell uses another."""
    return [(cell, field, name) for field, name in references(cell).items() if name == used]
