"""The statements that one name needs, taken out of code cells: no more runs for a layer than makes it. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from .names import code_names


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement at the top level of a code cell, with the place at which it stands in the notebook."""

    cell: str
    place: tuple[int, int]
    text: str
    defined: frozenset[str]
    used: frozenset[str]
    imports: bool


def statements(cells: Iterable[tuple[str, str]]) -> list[Statement]:
    """The statements of code cells (name, code) in order; cells that cannot be read have none."""
    found = []
    for number, (cell, code) in enumerate(cells):
        if code_names(code).fault:
            continue
        for index, node in enumerate(ast.parse(code).body):
            text = _text(code, node)
            names = code_names(text)
            bound = names.defined | _private(node)
            imports = isinstance(node, ast.Import | ast.ImportFrom)
            found.append(Statement(cell, (number, index), text, bound, names.used, imports))
    return found


def needed_for(name: str, cell: str, every: list[Statement]) -> tuple[list[Statement], set[str]]:
    """The statements that define `name` of a cell and all that these use, in order; and the names that no code has."""
    chosen: dict[tuple[int, int], Statement] = {}
    missing: set[str] = set()
    waiting = [(name, cell)]
    asked = set()
    while waiting:
        wanted, at = waiting.pop()
        if (wanted, at) in asked:
            continue
        asked.add((wanted, at))
        givers = [one for one in every if wanted in one.defined and one.cell == at]
        if not givers and not wanted.startswith("_"):
            givers = [one for one in every if wanted in one.defined]
            givers = [one for one in givers if one.cell == givers[0].cell]
        if not givers:
            missing.add(wanted)
        for one in givers:
            chosen[one.place] = one
            waiting += [(used, one.cell) for used in one.used]
    return [chosen[place] for place in sorted(chosen)], missing


def _text(code: str, node: ast.stmt) -> str:
    """The statement as it is written, decorators and the comments within it included."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    lines = code.splitlines()[first - 1 : node.end_lineno]
    whole = ast.get_source_segment(code, node) or ""
    # Of several statements in a line each is taken for itself.
    return whole if not getattr(node, "decorator_list", ()) else "\n".join(lines)


def _private(node: ast.stmt) -> frozenset[str]:
    """Names of the cell alone that a statement binds."""
    bound = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            bound.add(one.id)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        bound = {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        bound = {(one.asname or one.name).partition(".")[0] for one in node.names}
    return frozenset(name for name in bound if name.startswith("_"))
