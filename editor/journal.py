"""The journal of a notebook: one line of JSON for each gesture, on disk before it is acknowledged.

A line is a gesture (`act` do, undo or redo, with the records it changed, old and new), a mark, or what was
acknowledged before the first line. The mark `saving` is written before the file is replaced, `saved` after it, each
with the file's hash: so a crash at any moment leaves a pair from which the notebook can be rebuilt.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..compiler.history import LIMIT
from .saving import replace_file

Entry = dict[str, Any]


class Journal:
    """An append-only file of entries; to be read before it is appended to. Not thread-safe: its notebook holds
    the lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._good_size = 0
        self._pending: list[bytes] = []

    def read(self) -> tuple[list[Entry], str]:
        """All entries, and what was wrong ("" for nothing).

        A torn last line is what a crash in mid-write leaves: it was never acknowledged, so nothing is said of it.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return [], ""
        entries: list[Entry] = []
        self._good_size = 0
        lines = content.split(b"\n")
        for number, line in enumerate(lines[:-1], 1):
            try:
                entry = json.loads(line)
                if not isinstance(entry, dict):
                    raise ValueError
            except ValueError:
                if number == len(lines) - 1:
                    break
                return entries, f"line {number} of {self.path.name} is damaged; later edits in it are left out"
            entries.append(entry)
            self._good_size += len(line) + 1
        return entries, ""

    def append(self, *entries: Entry) -> None:
        """Writes entries and waits until the disk has them.

        Raises OSError; they are then kept and written with the next ones.
        """
        self._pending += [_line(entry) for entry in entries]
        self.flush()

    def flush(self) -> None:
        """Writes what could not be written before. Raises OSError."""
        if not self._pending:
            return
        content = b"".join(self._pending)
        descriptor = self._open()
        try:
            _write_all(descriptor, content)
            os.fsync(descriptor)
        except OSError:
            # Half a line must not stay: the next one would be glued to it.
            os.ftruncate(descriptor, self._good_size)
            raise
        self._good_size += len(content)
        self._pending.clear()

    def rewrite(self, entries: list[Entry]) -> None:
        """Replaces the whole journal at once. Raises OSError, and then the old one stands."""
        content = b"".join(_line(entry) for entry in entries)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, content)
        self.close()
        self._good_size = len(content)
        self._pending.clear()

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(self.path, flags, 0o600)
            os.ftruncate(self._descriptor, self._good_size)
        return self._descriptor


def _line(entry: Entry) -> bytes:
    return json.dumps(entry, separators=(",", ":")).encode() + b"\n"


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def shortened(entries: list[Entry], limit: int = LIMIT) -> list[Entry]:
    """The entries without gestures so old that no undo reaches them; what they acknowledged is kept as a number.

    Never parts an undo or redo from the gesture that it refers to, and keeps the last marks.
    """
    gestures = [index for index, entry in enumerate(entries) if "act" in entry]
    if len(gestures) <= limit:
        return entries
    cut = _safe_cut(entries, gestures[-limit])
    acknowledged: dict[str, int] = {}
    for entry in entries[:cut]:
        acknowledged |= entry.get("acknowledged", {})
        if "act" in entry:
            acknowledged[entry["sender"]] = max(acknowledged.get(entry["sender"], 0), entry["sequence"])
    marks = [entry for entry in entries[:cut] if "mark" in entry][-2:]
    return [{"acknowledged": acknowledged}, *marks, *entries[cut:]]


def _safe_cut(entries: list[Entry], wanted: int) -> int:
    done: dict[str, list[int]] = {}
    undone: dict[str, list[int]] = {}
    cut = wanted
    references: list[tuple[int, int]] = []
    for index, entry in enumerate(entries):
        tab = entry.get("tab", "")
        match entry.get("act"):
            case "do":
                done.setdefault(tab, []).append(index)
                undone.pop(tab, None)
            case "undo" if done.get(tab):
                undone.setdefault(tab, []).append(done[tab].pop())
                references.append((index, undone[tab][-1]))
            case "redo" if undone.get(tab):
                done[tab].append(undone[tab].pop())
                references.append((index, done[tab][-1]))
    for index, referred in reversed(references):
        if referred < cut <= index:
            cut = referred
    return cut
