"""Finds words in all cells of a notebook: names, kinds, prose, code, labels, parameters, settings. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ..compiler.document import AnyCell, CodeCell, NetworkCell, Notebook, TextCell, UnknownCell

LIMIT = 100

_AROUND = 40  # characters of prose on either side of what was found
_SKIPPED = frozenset({"id", "name", "kind", "folded", "text", "code", "nodes", "wires", "layout"})


@dataclass(frozen=True, slots=True)
class Hit:
    """`where` says what it was found in; `before`, `found` and `after` are the words themselves; `node` is a node's
    id."""

    cell: str
    name: str
    kind: str
    where: str
    before: str
    found: str
    after: str
    node: str = ""


def search_cells(notebook: Notebook, words: str, limit: int = LIMIT) -> list[Hit]:
    """What holds the words, whatever their case, in the order of the page; at most `limit`, none for blank words."""
    wanted = words.strip()
    if not wanted:
        return []
    hits: list[Hit] = []
    for cell in notebook.cells:
        for where, text, node in _texts(cell):
            hit = _hit(cell, where, text, node, wanted)
            if hit is not None:
                hits.append(hit)
            if len(hits) == limit:
                return hits
    return hits


def _texts(cell: AnyCell | UnknownCell) -> Iterator[tuple[str, str, str]]:
    """Where, what is written there, and the node that it belongs to."""
    yield "name", cell.name, ""
    yield "kind", cell.kind, ""
    match cell:
        case TextCell():
            yield from (("text", line, "") for line in cell.text.splitlines())
        case CodeCell():
            yield from ((f"line {number}", line, "") for number, line in enumerate(cell.code.splitlines(), start=1))
        case NetworkCell():
            for id_, node in cell.nodes.items():
                yield "node", f"{node.label} {node.kind}".strip(), id_
                for name, value in node.params.items():
                    yield f"{node.label or node.kind}", f"{name} = {_written(value)}", id_
    for name, value in cell.model_dump(mode="json", exclude_defaults=True).items():
        if name not in _SKIPPED:
            yield "setting", f"{name.replace('_', ' ')} = {_written(value)}", ""


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _hit(cell: AnyCell | UnknownCell, where: str, text: str, node: str, wanted: str) -> Hit | None:
    at = text.casefold().find(wanted.casefold())
    if at < 0:
        return None
    end = at + len(wanted)
    before, after = text[:at], text[end:]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    if len(after) > 2 * _AROUND:
        after = after[: 2 * _AROUND] + "…"
    return Hit(cell.id, cell.name, cell.kind, where, before, text[at:end], after, node)
