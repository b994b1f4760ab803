"""Brings a notebook back to exactly where it was: its file, and over it what the journal holds beyond the file."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook, read_notebook_file, write_notebook
from ..compiler.history import Gesture, History
from ..compiler.merge_records import DISPUTED, merged_record
from ..compiler.problems import Problem, has_errors
from ..compiler.records import put, record_at, record_from_json
from .acknowledged import Acknowledged
from .journal import Entry, Journal, shortened
from .saving import content_hash
from .versions import all_versions, keep_version


@dataclass(slots=True)
class Reopened:
    """`in_file` is what the file holds; `problems` are about it and its journal. `unsaved` says that the journal knew
    more than the file; `malformed` that the file must be kept before it is overwritten. `base` is what the journal
    must repeat because reading the file again would not give the same ids."""

    notebook: Notebook
    file_hash: str
    in_file: Notebook
    revision: int = 0
    history: History = field(default_factory=History)
    acknowledged: Acknowledged = field(default_factory=Acknowledged)
    problems: list[Problem] = field(default_factory=list)
    unsaved: bool = False
    malformed: bool = False
    marked: bool = False
    base: str = ""


def reopen(path: Path, journal: Journal, *, may_write: bool = True) -> Reopened:
    """The notebook of a file and its journal. Raises OSError where the file cannot be read."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
        notebook, problems = read_notebook(text)
    except UnicodeDecodeError:
        text = ""
        notebook, problems = read_notebook_file(path)
    state = Reopened(notebook, content_hash(content), notebook, problems=list(problems))
    state.malformed = has_errors(state.problems)
    entries = _read_journal(journal, state, may_write)
    mark = _mark_of_file(entries, state.file_hash)
    state.marked = mark is not None
    if mark and mark.get("base"):
        state.notebook = state.in_file = read_notebook(mark["base"])[0]
    elif any(f'"{cell.id}"' not in text for cell in notebook.cells):
        state.base = write_notebook(notebook)
    left_out = _replay(entries, mark, state)
    if left_out:
        state.problems.append(_told(left_out, _keep_aside(path, state, left_out) if may_write else ""))
    return state


def _read_journal(journal: Journal, state: Reopened, may_write: bool) -> list[Entry]:
    try:
        entries, damage = journal.read()
    except OSError as error:
        entries, damage = [], f"{journal.path.name} cannot be read: {error.strerror}"
    if damage and may_write:
        kept = journal.path.with_name(f"{journal.path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S}.damaged")
        try:
            shutil.copy2(journal.path, kept)
            damage += f". The whole of it is kept as {kept.name}"
        except OSError as error:
            damage += f". No copy of it could be kept: {error.strerror}"
        state.problems.append(Problem("F622", f"The journal of edits is damaged: {damage}.", severity="warning"))
    shorter = shortened(entries)
    if may_write and shorter is not entries:
        try:
            journal.rewrite(shorter)
        except OSError:
            # A longer journal does no harm; it is shortened another time.
            return entries
    return shorter


def _mark_of_file(entries: list[Entry], file_hash: str) -> Entry | None:
    """The mark that the file was written with; None if another program has written it since."""
    saved = next((entry for entry in reversed(entries) if entry.get("mark") == "saved"), None)
    if saved is None or saved["hash"] == file_hash:
        return saved
    last = next((entry for entry in reversed(entries) if "mark" in entry), None)
    return last if last and last["hash"] == file_hash else None


def _replay(entries: list[Entry], mark: Entry | None, state: Reopened) -> list[Entry]:
    """Puts the gestures beyond the file over it; those that do not fit it any more."""
    gestures = [entry for entry in entries if "act" in entry]
    saved = mark or next((entry for entry in reversed(entries) if entry.get("mark") == "saved"), None)
    saved_revision = saved["revision"] if saved else 0
    ahead = [entry for entry in gestures if entry["revision"] > saved_revision]
    left_out = _put_strictly(ahead, state) if mark else _put_where_it_fits(ahead, state)
    state.unsaved = len(left_out) < len(ahead)
    state.acknowledged.read(entries)
    for entry in gestures:
        if entry["revision"] not in left_out:
            _record(entry, state.history)
    state.revision = max([saved_revision, *(entry["revision"] for entry in gestures)])
    return [entry for entry in ahead if entry["revision"] in left_out]


def _told(left_out: list[Entry], kept: str) -> Problem:
    where = f" They are kept as a version: .weftwork/versions/{kept}." if kept else ""
    return Problem(
        "F621",
        f"{len(left_out)} unsaved edits could not be put back, because the file has been changed since.{where}",
        severity="warning",
        help="They change what the other program changed too. The file is as that program wrote it.",
    )


def _keep_aside(path: Path, state: Reopened, left_out: list[Entry]) -> str:
    """Keeps the notebook with the edits that do not fit as a version, so that they can be looked at and restored."""
    final = {tuple(address): new for entry in left_out for address, _, new in entry["records"]}
    records = []
    for address, new in final.items():
        with suppress(ValidationError, TypeError, ValueError, LookupError):
            records.append((address, record_from_json(address, new)))
    try:
        content = write_notebook(put(state.notebook, records)).encode()
        same = (one for one in all_versions(path) if one.note == "unsaved" and one.path.read_bytes() == content)
        known = next(same, None)
        return known.name if known else keep_version(path, content, "unsaved").name
    except (OSError, TypeError, ValueError, LookupError):
        return ""


def _put_strictly(ahead: list[Entry], state: Reopened) -> set[int]:
    final = {tuple(address): new for entry in ahead for address, _, new in entry["records"]}
    try:
        state.notebook = put(
            state.notebook, [(address, record_from_json(address, new)) for address, new in final.items()]
        )
    except (ValidationError, TypeError, ValueError, LookupError):
        return _put_where_it_fits(ahead, state)
    return set()


def _put_where_it_fits(ahead: list[Entry], state: Reopened) -> set[int]:
    """Puts each gesture back that goes together with what stands there now; the revisions of those that do not."""
    left_out: set[int] = set()
    for entry in ahead:
        try:
            records: list[Any] = [
                _fitted(state.notebook, tuple(address), old, new) for address, old, new in entry["records"]
            ]
        except (ValidationError, TypeError, ValueError, LookupError):
            records = [DISPUTED]
        if DISPUTED in records:
            left_out.add(entry["revision"])
        else:
            state.notebook = put(state.notebook, records)
    return left_out


def _fitted(notebook: Notebook, address: tuple[str, ...], old: Any, new: Any) -> Any:
    before, ours = record_from_json(address, old), record_from_json(address, new)
    both = merged_record(address, before, ours, record_at(notebook, address))
    return DISPUTED if both is DISPUTED else (address, both)


def _record(entry: Entry, history: History) -> None:
    tab = entry["tab"]
    match entry["act"]:
        case "undo":
            if gesture := history.next_undo(tab):
                history.undone(gesture)
        case "redo":
            if gesture := history.next_redo(tab):
                history.redone(gesture)
        case _:
            records = tuple((tuple(address), old, new) for address, old, new in entry["records"])
            history.record(Gesture(tab, entry["label"], records), merge=entry.get("merge", False))
