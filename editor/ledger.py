"""What was done to a notebook: its history, its answers and its journal, kept in step. The notebook holds the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..compiler.history import Gesture, History
from ..compiler.records import Address, Difference, record_to_json
from .acknowledged import Acknowledged, Answer
from .journal import Entry, Journal
from .notices import Applied, JsonRecord
from .reopening import Reopened


@dataclass(frozen=True, slots=True)
class Request:
    """A gesture that somebody asks for. `act` is do, undo or redo; `content` its changes as plain data; `digest`
    tells it from another request under the same number."""

    act: str
    tab: str
    sender: str
    sequence: int
    label: str
    content: list[Any]
    digest: str
    merge: bool = False
    stepped: Gesture | None = None


class Ledger:
    """Records gestures as they are applied or refused."""

    def __init__(self, journal: Journal, state: Reopened) -> None:
        self.journal = journal
        self.history: History = state.history
        self.acknowledged: Acknowledged = state.acknowledged
        # Says over which file the gestures stand; written before the first of them.
        self._first_mark: Entry | None = None
        if not state.marked:
            self._first_mark = {"mark": "saved", "hash": state.file_hash, "revision": state.revision}
            if state.base:
                self._first_mark["base"] = state.base

    def refuse(self, request: Request, revision: int, reason: str, addresses: tuple[Address, ...]) -> None:
        """Notes a refusal, so that a gesture sent again gets the same answer."""
        answer = Answer(request.digest, revision, addresses, reason)
        self.acknowledged.remember(request.sender, request.sequence, answer)

    def record(
        self, request: Request, revision: int, differences: tuple[Difference, ...]
    ) -> tuple[Applied, OSError | None]:
        """Notes a gesture that has just been applied; the reply to it, and why the journal could not be written.

        The journal has reached the disk when this returns without an error.
        """
        records: tuple[JsonRecord, ...] = tuple((address, record_to_json(new)) for address, _, new in differences)
        addresses = tuple(address for address, _ in records)
        self.acknowledged.remember(request.sender, request.sequence, Answer(request.digest, revision, addresses))
        failure = None
        if differences:
            self._remember(request, differences)
            failure = self._write_down(
                {
                    "act": request.act,
                    "tab": request.tab,
                    "sender": request.sender,
                    "sequence": request.sequence,
                    "revision": revision,
                    "label": request.label,
                    "digest": request.digest,
                    "merge": request.merge,
                    "changes": request.content,
                    "records": [
                        (address, record_to_json(old), new)
                        for (address, old, _), (_, new) in zip(differences, records, strict=True)
                    ],
                }
            )
        return Applied(revision, request.sequence, records), failure

    def mark(self, entry: Entry) -> None:
        """Appends a mark. Raises OSError."""
        self._first_mark = None
        self.journal.append(entry)

    def _remember(self, request: Request, differences: tuple[Difference, ...]) -> None:
        if request.stepped is None:
            gesture = Gesture(request.tab, request.label, differences)
            self.history.record(gesture, merge=request.merge)
        elif request.act == "undo":
            self.history.undone(request.stepped)
        else:
            self.history.redone(request.stepped)

    def _write_down(self, entry: Entry) -> OSError | None:
        entries = [self._first_mark, entry] if self._first_mark else [entry]
        self._first_mark = None
        try:
            self.journal.append(*entries)
        except OSError as error:
            return error
        return None
