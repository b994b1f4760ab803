"""The notebook of an import: the model first, with what became of it in words; its blocks below, folded away. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..auto_layout import positions
from ..catalogue import catalogue
from ..document import NetworkCell, Notebook, TextCell
from ..nesting.network_kinds import kinds_with
from .report import Imported


def as_notebook(imported: Imported, title: str, said: Sequence[str]) -> Notebook:
    """The networks, every node in its place, below a text cell that says what was imported."""
    whole, *parts = placed(imported.cells)
    folded: list[NetworkCell] = [cell.model_copy(update={"folded": True}) for cell in parts]
    taken = {cell.name for cell in imported.cells}
    name, number = "about", 1
    while name in taken:
        number += 1
        name = f"about {number}"
    lines = "\n".join(f"- {line}" for line in said)
    codes = "".join(f"\n{_plain(layer)} holds this code:\n\n{_fenced(code)}\n" for layer, code in imported.report.codes)
    text = TextCell(id="text_0000", name=name, text=f"# {_plain(title)}\n\n{_plain(lines)}\n{codes}")
    return Notebook(cells=(text, whole, *folded))


def placed(cells: Sequence[NetworkCell]) -> list[NetworkCell]:
    """The networks with a place for each node; the last one, which uses the others, first."""
    networks = {cell.name: cell for cell in cells}
    known = replace(catalogue(), kinds=kinds_with(catalogue().kinds, networks))
    return [cell.model_copy(update={"layout": positions(cell, known)}) for cell in (cells[-1], *cells[:-1])]


def _fenced(code: str) -> str:
    """Code as a block, between more ticks than any in it."""
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}python\n{code}\n{fence}"


def _plain(text: str) -> str:
    """Names of a file as they are, whatever they mean in Markdown."""
    for mark in "\\`*[]<>$":
        text = text.replace(mark, "\\" + mark)
    return text
