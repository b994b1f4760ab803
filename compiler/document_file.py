"""From a file's text to a notebook, whatever the text holds: what cannot be read becomes a problem with its place.

Nothing is dropped: cells that are not understood stay as placeholders, and nodes, wires and places that are malformed
are kept aside and written back.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .document import (
    FORMAT,
    KnownCell,
    Mark,
    Node,
    Notebook,
    Position,
    UnknownCell,
    Wire,
    new_id,
)
from .migrations import migrate
from .problems import Location, Problem
from .wire_points import with_points_for_bends
from .write_notebook import UNREADABLE, write_notebook

__all__ = ["read_notebook", "read_notebook_file", "write_notebook"]

_CELL: TypeAdapter[Any] = TypeAdapter(KnownCell)
_PARTS: dict[str, TypeAdapter[Any]] = {
    "nodes": TypeAdapter(Node),
    "wires": TypeAdapter(Wire),
    "layout": TypeAdapter(Position),
    "marks": TypeAdapter(Mark),
}
_KINDS = frozenset({"text", "data", "network", "training", "evaluation", "export", "code"})


def read_notebook_file(path: Path) -> tuple[Notebook, list[Problem]]:
    """The notebook in a file. Raises OSError where the file cannot be read at all."""
    content = path.read_bytes()
    try:
        return read_notebook(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Notebook(), [_broken(f"The file is not text: byte {error.start} is not UTF-8.")]


def read_notebook(text: str) -> tuple[Notebook, list[Problem]]:
    """The notebook that a text holds, and what is wrong with the text. Never raises on content."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return Notebook(), [_broken(_parse_fault(text, error))]
    except RecursionError:
        return Notebook(), [_broken("The file is nested too deeply.")]
    except ValueError:
        return Notebook(), [_broken("The file holds a whole number of thousands of digits.")]
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return Notebook(), [
            Problem(
                "F602",
                "The file is JSON, but no notebook: it has no list of cells.",
                help='A notebook is an object with "format" and "cells".',
            )
        ]
    problems: list[Problem] = []
    number = data.get("format", FORMAT)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        problems.append(
            Problem("F603", f"The format {number!r} is no number from 1.", help=f"The present one is {FORMAT}.")
        )
        data = {**data, "format": FORMAT}
    elif number > FORMAT:
        problems.append(
            Problem(
                "F604",
                f"The file has format {number}, this version knows up to {FORMAT}.",
                severity="warning",
                help="What is not understood is kept. A newer version may show more.",
            )
        )
    data = migrate(data)
    cells: list[Any] = []
    ids: set[str] = set()
    for index, raw in enumerate(data["cells"]):
        cell = _read_cell(raw, index, problems)
        if cell is None:
            continue
        if cell.id in ids:
            problems.append(
                Problem(
                    "F608",
                    f"Two cells have the id {cell.id}; the second got a new one.",
                    Location(cell=cell.name),
                    severity="warning",
                )
            )
            cell = cell.model_copy(update={"id": new_id(cell.kind)})
        ids.add(cell.id)
        cells.append(cell)
    rest = {key: value for key, value in data.items() if key not in ("format", "cells")}
    return Notebook(format=data.get("format", FORMAT), cells=tuple(cells), **rest), problems


def _parse_fault(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "The file is empty."
    reason = error.msg.removesuffix(" at")
    return f"The file breaks off or is malformed: {reason} at line {error.lineno}, column {error.colno}."


def _broken(message: str) -> Problem:
    return Problem(
        "F601",
        message,
        help="Earlier versions stand in .weftwork/versions beside the file. The file itself is left as it is.",
    )


def _read_cell(raw: Any, index: int, problems: list[Problem]) -> Any:
    if not isinstance(raw, dict):
        problems.append(Problem("F605", f"Cell {index + 1} is {json.dumps(raw)[:40]}, not an object."))
        return UnknownCell(id=new_id("cell"), name=f"cell {index + 1}", kind="unreadable", content=raw)  # pyright: ignore[reportCallIssue]
    raw = dict(raw)
    kind = raw.get("kind")
    name = raw.get("name")
    if not isinstance(name, str) or not name:
        name = f"cell {index + 1}"
        problems.append(Problem("F606", f"Cell {index + 1} has no name; it is called {name} now.", severity="warning"))
    at = Location(cell=name)
    if not isinstance(raw.get("id"), str) or not raw["id"]:
        raw["id"] = new_id(kind if isinstance(kind, str) else "cell")
    raw["name"] = name
    if not isinstance(kind, str) or kind not in _KINDS:
        problems.append(
            Problem(
                "F607",
                f"{name} is a cell of the unknown kind {kind!r}.",
                at,
                severity="warning",
                help="It is kept as it is, and shown as a placeholder.",
            )
        )
        return UnknownCell.model_validate({**raw, "kind": str(kind)})
    for field in ("text", "code"):
        if isinstance(raw.get(field), list) and all(isinstance(line, str) for line in raw[field]):
            raw[field] = "\n".join(raw[field])
    if kind == "network":
        _set_aside(raw, at, problems)
        raw = with_points_for_bends(raw)
    try:
        return _CELL.validate_python(raw)
    except ValidationError as error:
        for detail in error.errors():
            place = [str(part) for part in detail["loc"] if part != kind]
            problems.append(
                Problem(
                    "F609",
                    f"{'.'.join(place)} of {name} is wrong: {_reason(detail)}.",
                    Location(cell=name, parameter=place[0] if place else ""),
                    help="The cell is kept as it is; it cannot be used until this is mended.",
                )
            )
        return UnknownCell(id=raw["id"], name=name, kind=kind, **_without(raw, "id", "name", "kind"))


def _reason(detail: Any) -> str:
    """What pydantic says, in words of the file: it holds objects, not dictionaries or instances."""
    text = str(detail["msg"])
    text = re.sub(r"a valid dictionary or (instance of \w+|object to .*)", "an object", text)
    return text[:1].lower() + text[1:]


def _without(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


def _set_aside(raw: dict[str, Any], at: Location, problems: list[Problem]) -> None:
    """Takes malformed nodes, wires, places and marks out of a network's data, into its field `unreadable`."""
    aside: dict[str, dict[str, Any]] = {}
    for part, adapter in _PARTS.items():
        entries = raw.get(part)
        if not isinstance(entries, dict):
            continue
        kept: dict[str, Any] = {}
        for id_, entry in entries.items():
            try:
                kept[id_] = adapter.validate_python(entry)
            except ValidationError as error:
                detail = error.errors()[0]
                where = ".".join(str(piece) for piece in detail["loc"])
                aside.setdefault(part, {})[id_] = entry
                problems.append(
                    Problem(
                        "F610",
                        f"{part[:-1] if part != 'layout' else 'place'} {id_} cannot be read: "
                        f"{where + ': ' if where else ''}{_reason(detail)}.",
                        Location(at.cell, node=id_ if part != "wires" else "", wire=id_ if part == "wires" else ""),
                        help="It is kept in the file, and left out of the network.",
                    )
                )
        raw[part] = kept
    if aside:
        raw[UNREADABLE] = aside
