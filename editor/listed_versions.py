"""The earlier versions of an open notebook as a list, what each changed, and going back to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..compiler.changes import RestoreRecords
from ..compiler.document import Notebook
from ..compiler.records import diff, record_to_json
from .version_words import differences, summary
from .versions import Version, all_versions


@dataclass(frozen=True, slots=True)
class Listed:
    """A version as the list shows it; `words` say what it changed of the one before."""

    version: Version
    notebook: Notebook
    words: str


def restoring(present: Notebook, one: Listed) -> tuple[str, RestoreRecords]:
    """The gesture that makes the notebook what the version holds: its label and its change."""
    found = diff(present, one.notebook)
    change = RestoreRecords(
        records=tuple((address, record_to_json(new)) for address, _, new in found),
        expected=tuple((address, record_to_json(old)) for address, old, _ in found),
    )
    return f"Restore the version of {clock(one.version.written)}", change


def listed(opened: Any) -> list[Listed]:
    """The versions of an open notebook, newest first. One that cannot be read any more is left out."""
    found: list[Listed] = []
    before: Notebook | None = None
    for version in all_versions(opened.path):
        try:
            notebook = version.read()
        except OSError:
            continue
        words = "The earliest that was kept" if before is None else _words(before, notebook)
        found.append(Listed(version, notebook, words))
        before = notebook
    return found[::-1]


def _words(before: Notebook, after: Notebook) -> str:
    order = [cell.id for cell in before.cells] != [cell.id for cell in after.cells]
    return summary(differences(before, after), moved=order)


def clock(moment: datetime) -> str:
    """The time of the day, to the second."""
    return moment.astimezone().strftime("%H:%M:%S")
