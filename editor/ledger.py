"""What was done to a notebook: its history, its answers and its journal, kept in step. The notebook holds the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..compiler.apply_change import apply
from ..compiler.changes import ChangeError
from ..compiler.document import Notebook
from ..compiler.history import Gesture, History
from ..compiler.records import Address, Difference, record_at, record_to_json
from .acknowledged import Acknowledged, Answer
from .journal import Entry, Journal
from .notices import Applied, JsonRecord, Refused, Reply
from .reopening import Reopened

Step = Literal["undo", "redo"]


def stepped(notebook: Notebook, act: Step, gesture: Gesture | None) -> Notebook:
    """The notebook with a gesture taken back or brought back. Raises ChangeError."""
    if gesture is None:
        raise ChangeError(f"there is nothing to {act}")
    return apply(notebook, gesture.backward() if act == "undo" else gesture.forward())


def present_records(notebook: Notebook, addresses: tuple[Address, ...]) -> tuple[JsonRecord, ...]:
    """What stands at the addresses, as plain JSON."""
    return tuple((address, record_to_json(record_at(notebook, address))) for address in addresses)


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
        # Senders and numbers of gestures that have not reached the disk: these are not acknowledged.
        self._unkept: set[tuple[str, int]] = set()
        self._just_kept = False
        # Says over which file the gestures stand; written before the first of them.
        self._first_mark: Entry | None = None
        if not state.marked:
            self._first_mark = {"mark": "saved", "hash": state.file_hash, "revision": state.revision}
            if state.base:
                self._first_mark["base"] = state.base

    def next_step(self, act: Step, tab: str) -> Gesture | None:
        """The gesture that undo would take back, or redo bring back, for a tab."""
        return self.history.next_undo(tab) if act == "undo" else self.history.next_redo(tab)

    def numbered(self, tab: str, sequence: int | None, sender: str) -> tuple[str, int]:
        """Sender and number of a gesture; callers in Python, which never resend, leave both out."""
        if sequence is not None:
            return sender or tab, sequence
        sender = sender or f"{tab}/page"
        return sender, self.acknowledged.next_free(sender)

    def answer_again(self, sender: str, sequence: int, asked: str, notebook: Notebook, revision: int) -> Reply | None:
        """The answer to a request that was answered before, with the records as they stand now; None for a new one."""
        known = self.acknowledged.answer(sender, sequence)
        if known is None:
            return None
        if known.digest and known.digest != asked:
            if known.refused:
                # Nothing came of that number, so a page that was loaded anew may use it.
                return None
            reason = "another tab numbers its edits under the same name; reload this page"
            return Refused(reason, revision, sequence)
        records = present_records(notebook, known.addresses)
        if known.refused:
            return Refused(known.refused, revision, sequence, records)
        return Applied(revision, sequence, records, duplicate=True, kept=(sender, sequence) not in self._unkept)

    def last_kept(self, sender: str) -> int:
        """The highest number up to which everything applied for a sender is on the disk, 0 for none."""
        unkept = [number - 1 for of, number in self._unkept if of == sender]
        return min([self.acknowledged.last_applied(sender), *unkept])

    def refusal(self, sender: str, sequence: int, revision: int) -> Refused | None:
        """Why a gesture was not done, where a later one of its sender was answered already; None where it was done or
        is still to come."""
        known = self.acknowledged.answer(sender, sequence)
        if known is not None:
            return Refused(known.refused, revision, sequence) if known.refused else None
        if sequence < self.acknowledged.last_applied(sender):
            # Reasons do not outlive the server.
            return Refused(
                "an edit was not done, and Weftwork was started again before it said why", revision, sequence
            )
        return None

    def take_kept(self) -> bool:
        """Whether what could not be written has reached the disk since this was asked last."""
        just_kept, self._just_kept = self._just_kept, False
        return just_kept

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
            if failure:
                self._unkept.add((request.sender, request.sequence))
        return Applied(revision, request.sequence, records, kept=failure is None), failure

    def mark(self, entry: Entry) -> None:
        """Appends a mark. Raises OSError."""
        self._first_mark = None
        self.journal.append(entry)
        self._all_kept()

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
        self._all_kept()
        return None

    def _all_kept(self) -> None:
        # The journal writes what it could not write before along with the next entry.
        self._just_kept = self._just_kept or bool(self._unkept)
        self._unkept.clear()
