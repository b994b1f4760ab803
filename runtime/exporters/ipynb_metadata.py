"""A notebook inside a Jupyter notebook: its text stands in the metadata, which Jupyter keeps and hides. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .python_trailer import Carried, NotebookDamaged, digest

KEY = "weftwork"


def carrying(cells: list[dict[str, Any]], text: str) -> dict[str, Any]:
    """The entry for the metadata of a Jupyter notebook with these cells. Lines, so that differences read well."""
    whole = hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
    return {"format": 1, "notebook": text.split("\n"), "digest": whole, "cells": cells_digest(cells)}


def cells_digest(cells: list[dict[str, Any]]) -> str:
    """Of kinds and sources; not of what running puts out."""
    parts = [f"{cell.get('cell_type')}\n{source_of(cell)}" for cell in cells if source_of(cell).strip()]
    return digest("\n\n".join(digest(part) for part in parts))


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's source, which the format keeps as a text or as lines."""
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def notebook_in_metadata(document: Mapping[str, Any]) -> Carried | None:
    """The notebook that a Jupyter notebook carries, None where it carries none. Raises NotebookDamaged."""
    metadata = document.get("metadata")
    entry = metadata.get(KEY) if isinstance(metadata, dict) else None
    if not isinstance(entry, dict) or "notebook" not in entry:
        return None
    lines = entry["notebook"]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise NotebookDamaged("its lines were changed")
    text = "\n".join(lines)
    try:
        whole = hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
    except UnicodeEncodeError as error:
        raise NotebookDamaged("its lines were changed") from error
    if whole != entry.get("digest"):
        raise NotebookDamaged("its checksum differs")
    cells = document.get("cells")
    known = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    return Carried(text, cells_digest(known) != entry.get("cells"))
