"""Which lines of a network's Python stand for which of its nodes; the code view follows them. Pure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .program import Program
from .python_printer import GIVES, Statement
from .to_python import Printed, formatted, module_text


@dataclass(frozen=True, slots=True)
class CodePlace:
    """Lines `first` to `last`, from 1, that stand for `node` of the network `network`. A node inside another network
    that is laid out flat goes by its path (`block:2/conv`)."""

    network: str
    node: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CodeLines:
    """`source` is the network's module as it would be exported; `places` stand in the order of its lines."""

    source: str
    places: tuple[CodePlace, ...] = ()

    def lines_of(self, network: str, node: str) -> list[int]:
        """The numbers of the lines that stand for a node, or for what is inside of it."""
        return [
            number
            for place in self.places
            if place.network == network and (place.node == node or _leads_into(node, place.node))
            for number in range(place.first, place.last + 1)
        ]

    def at(self, line: int) -> CodePlace | None:
        """What a line stands for; None for a line of no node."""
        # Where one statement stands for several nodes, the first is as good as any.
        return next((place for place in self.places if place.first <= line <= place.last), None)


def code_lines(program: Program, write: Callable[[str], str] = formatted) -> CodeLines:
    """The Python of a network, with what its lines stand for. `write` formats it, and leaves its statements."""
    text, printed = module_text(program)
    source = write(text)
    return CodeLines(source, tuple(sorted(_places(source, printed), key=lambda place: (place.first, -place.last))))


def _leads_into(node: str, path: str) -> bool:
    """Whether a path lies within a node, whichever repetition of it."""
    return path.startswith((f"{node}/", f"{node}:"))


def _places(source: str, printed: Printed) -> Iterator[CodePlace]:
    lines = source.split("\n")
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef) and function.name in printed.statements:
            network, statements = printed.statements[function.name]
            yield from _within(function, network, statements, lines)


def _within(
    function: ast.FunctionDef, network: str, statements: list[Statement], lines: list[str]
) -> Iterator[CodePlace]:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    for found, stands_for in zip(body, statements, strict=True):
        if isinstance(stands_for, list):
            assert isinstance(found, ast.FunctionDef)
            yield from _within(found, network, stands_for, lines)
            continue
        first = found.lineno
        # Shapes that do not fit behind a line stand above it.
        if first >= 2 and lines[first - 2].strip().startswith(GIVES):
            first -= 1
        for node in stands_for:
            yield CodePlace(network, node, first, found.end_lineno or found.lineno)
