"""A notebook as text: JSON in a stable order, one node or wire a line, so that `git diff` reads well."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import BaseModel

from .document import CodeCell, NetworkCell, Notebook, Position, TextCell
from .records import PARTS

# Where the reader keeps entries that it could not understand; they go back to where they were.
UNREADABLE = "unreadable"

# Parts of a network that are written even when there is nothing in them.
_ALWAYS = ("nodes", "wires", "layout")

_TEXT_FIELDS = {TextCell: "text", CodeCell: "code"}


def write_notebook(notebook: Notebook) -> str:
    """The file's text, ending in a newline. Equal notebooks give equal texts."""
    head = {"format": notebook.format, **(notebook.model_extra or {})}
    lines = [f" {_json(key)}: {_json(value)}," for key, value in head.items()]
    cells = ",\n".join(_cell_text(cell) for cell in notebook.cells)
    body = f"[\n{cells}\n ]" if cells else "[]"
    return "{\n" + "\n".join(lines) + f'\n "cells": {body}\n}}\n'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=False)


def _cell_text(cell: Any) -> str:
    data = _plain(cell)
    unreadable = data.pop(UNREADABLE, {})
    parts: dict[str, dict[str, Any]] = {}
    if isinstance(cell, NetworkCell):
        for part in PARTS:
            entries = {**data.pop(part, {}), **unreadable.get(part, {})}
            if entries or part in _ALWAYS:
                parts[part] = entries
    text_field = _TEXT_FIELDS.get(type(cell))
    rows = []
    for key, value in data.items():
        if key == text_field and isinstance(value, str):
            value = value.split("\n")
            inner = ",\n".join(f"    {_json(line)}" for line in value)
            rows.append(f"   {_json(key)}: [\n{inner}\n   ]")
        else:
            rows.append(f"   {_json(key)}: {_json(value)}")
    for part, entries in parts.items():
        inner = ",\n".join(f"    {_json(id_)}: {_json(entries[id_])}" for id_ in sorted(entries))
        rows.append(f"   {_json(part)}: " + (f"{{\n{inner}\n   }}" if inner else "{}"))
    return "  {\n" + ",\n".join(rows) + "\n  }"


def _plain(record: Any) -> Any:
    """Plain data of a record. Fields at their default are left out, except those that tell what a record is."""
    if isinstance(record, str):
        return record
    if isinstance(record, BaseModel):
        kept = {}
        for name, always, default in _fields(type(record)):
            value = getattr(record, name)
            if always or value != default:
                kept[name] = _plain(value)
        return {**kept, **(record.model_extra or {})}
    if isinstance(record, dict):
        return {key: _plain(value) for key, value in record.items()}
    if isinstance(record, Position):
        return [int(value) if value.is_integer() else value for value in map(float, record)]
    if isinstance(record, (list, tuple)):
        return [_plain(value) for value in record]
    return record


@cache
def _fields(record: type[BaseModel]) -> tuple[tuple[str, bool, Any], ...]:
    """Name, whether it is always written, and default of each field, in the order in which they are written."""
    fields = record.model_fields
    return tuple(
        (
            name,
            fields[name].is_required() or name in ("kind", *_ALWAYS),
            fields[name].get_default(call_default_factory=True),
        )
        for name in sorted(fields, key=lambda name: name not in ("kind", "id", "name"))
    )
