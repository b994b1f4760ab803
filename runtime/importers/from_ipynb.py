"""Jupyter notebooks: ours bring their notebook along, those of others become text cells and code cells."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from typing import Any

from ...compiler.document import AnyCell, CodeCell, Notebook, TextCell, new_id
from ...compiler.document_file import write_notebook
from ..exporters.ipynb_metadata import notebook_in_metadata, source_of
from ..exporters.python_trailer import NotebookDamaged
from .imported import CHANGED, Imported
from .refused import ImportRefused

_LONGEST_NAME = 40
_COMMANDS = re.compile(r"^\s*[%!]", re.MULTILINE)


def from_ipynb(content: bytes, name: str) -> Imported:
    """The notebook in a Jupyter notebook's file of that name, or made from its cells. Raises ImportRefused."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # Also for text that is no UTF-8, and for numbers of thousands of digits.
        raise ImportRefused(f"{name} is no Jupyter notebook: it is not JSON, or breaks off.") from error
    if not isinstance(document, dict) or not isinstance(document.get("cells", document.get("worksheets")), list):
        raise ImportRefused(f"{name} is no Jupyter notebook: it has no list of cells.")
    try:
        carried = notebook_in_metadata(document)
    except NotebookDamaged as error:
        raise ImportRefused(f"The notebook inside {name} is damaged: {error}.") from error
    if carried is not None:
        return Imported(carried.text, [CHANGED.format(name=name, what="cells")] if carried.changed else [])
    return _from_others(document, name)


def _from_others(document: dict[str, Any], name: str) -> Imported:
    cells, outputs, notes = _known_cells(document, name), False, []
    language = _language(document)
    made: list[AnyCell] = []
    taken: set[str] = set()
    commands = attachments = 0
    for cell in cells:
        source = source_of(cell).encode("utf-8", "replace").decode("utf-8")
        if not source.strip():
            continue
        kind = cell.get("cell_type")
        outputs = outputs or bool(cell.get("outputs"))
        attachments += bool(cell.get("attachments"))
        if kind == "code" and language == "python":
            commands += bool(_COMMANDS.search(source))
            made.append(CodeCell(id=_id("code", made), name=_name("code", taken), code=source))
        else:
            text = source if kind in ("markdown", "heading") else _fenced(source, language if kind == "code" else "")
            made.append(TextCell(id=_id("text", made), name=_name(_heading(text), taken), text=text))
    codes = sum(isinstance(cell, CodeCell) for cell in made)
    notes.append(
        f"{name} has no notebook of Weftwork inside. {_count(len(made) - codes, 'text cell')} and "
        f"{_count(codes, 'code cell')} were made from its cells; nothing was run."
    )
    if language != "python":
        notes.append(f"Its code is {language}, which does not run here; it is kept as text.")
    if outputs:
        notes.append("What its cells had put out was left out.")
    if attachments:
        notes.append("Pictures that were attached to its text were left out.")
    if commands:
        notes.append(
            f"{_count(commands, 'code cell')} with commands of Jupyter (lines with % or !), which are no Python."
        )
    return Imported(write_notebook(Notebook(cells=tuple(made))), notes)


def _known_cells(document: dict[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The cells in the present form of the format, which nbformat makes of older ones."""
    import nbformat

    if isinstance(document.get("cells"), list):
        return [cell for cell in document["cells"] if isinstance(cell, dict)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(nbformat.reads(json.dumps(document), as_version=4)["cells"])
    except Exception as error:
        # What a converter of old formats raises on a malformed file is its own affair.
        raise ImportRefused(f"{name} has an old or malformed form that cannot be read.") from error


def _language(document: Mapping[str, Any]) -> str:
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        entry = metadata.get(part)
        if isinstance(entry, dict) and isinstance(entry.get(key), str):
            found = re.sub(r"[^\w+#-]", "", entry[key]).lower()[:20]
            return "python" if found.startswith(("python", "ipython")) or not found else found
    return "python"


def _id(kind: str, made: list[AnyCell]) -> str:
    taken = {cell.id for cell in made}
    while (id_ := new_id(kind)) in taken:
        continue
    return id_


def _name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    taken.add(name)
    return name


def _heading(text: str) -> str:
    """A name for a text cell: its first heading in plain words."""
    found = re.search(r"^#{1,6}\s+(.+)$", text, re.MULTILINE)
    words = re.sub(r"[^\w\s,'’()–-]", "", found[1]) if found else ""
    return " ".join(words.split())[:_LONGEST_NAME].strip() or "text"


def _fenced(source: str, language: str) -> str:
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", source)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{source.rstrip()}\n{fence}"


def _count(number: int, word: str) -> str:
    return f"{number or 'No'} {word}{'' if number == 1 else 's'}"
