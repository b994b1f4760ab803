"""A notebook that is open: its only writer, however many tabs look at it.

Every edit goes through `perform`, `undo` or `redo`: applied, journalled, then acknowledged, in this order and under one
lock. Listeners are told after the lock was let go. Any thread may call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..compiler.apply_change import apply_all
from ..compiler.changes import Change, ChangeError
from ..compiler.document import Notebook
from ..compiler.problems import Problem
from ..compiler.records import Address, diff
from ..compiler.specs import NodeShapes
from .acknowledged import digest
from .autosave import RETRY_S, Autosave, reason
from .findings import Findings
from .journal import Entry, Journal
from .ledger import Ledger, Request, Step, present_records, stepped
from .listeners import Listener, Listeners
from .notices import Changed, Notice, Refused, Reply, RunsChanged, SaveStateChanged, StatusChanged
from .one_writer import OneWriter
from .reopening import reopen
from .touched import touched

if TYPE_CHECKING:
    from ..compiler.pipeline import ShapeOracle


class OpenNotebook:
    """One object per file per server. `notebook` is a frozen value: take it once and work with what you took.

    `findings` is what the background check last found; `watch_status.py` sets it.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file and brings back what its journal holds beyond it. Raises OSError."""
        self.path = path
        self.folder = path.parent
        self._lock = threading.RLock()
        self._listeners = Listeners()
        own_files = self.folder / ".weftwork" / "journal"
        self._writer = OneWriter(own_files / f"{path.name}.lock")
        self._may_write = self._writer.acquire()
        journal = Journal(own_files / f"{path.name}.jsonl")
        try:
            state = reopen(path, journal, may_write=self._may_write)
        except OSError:
            self._writer.release()
            raise
        self.notebook: Notebook = state.notebook
        self.revision = state.revision
        self.save_state = "saved"
        self.file_problems: tuple[Problem, ...] = tuple(state.problems)
        self.findings = Findings()
        # Asks Keras for shapes; None while the host is not ready. Set, like the findings, by `watch_status.py`.
        self.oracle: ShapeOracle | None = None
        self._ledger = Ledger(journal, state)
        self._autosave = Autosave(
            path,
            state.file_hash,
            present=self.present,
            mark=self._mark,
            announce=self._announce_and_tell,
            notice=lambda message: self._note("F620", message),
            keep_original=state.malformed,
        )
        if not self._may_write:
            self._note("F623", f"{path.name} is open in another Weftwork: here it can be read, not edited.")
        elif state.unsaved:
            self.save_state = "unsaved"
            self._autosave.schedule()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong: with the file, the data and the drawing."""
        return (*self.file_problems, *self.findings.problems)

    @property
    def shapes(self) -> dict[str, dict[str, NodeShapes]]:
        """By cell name and node id, as far as they are known; `findings.revision` says of which revision."""
        return self.findings.shapes

    def present(self) -> tuple[Notebook, int]:
        """The notebook and its revision, which belong together."""
        with self._lock:
            return self.notebook, self.revision

    def perform(
        self,
        tab: str,
        sequence: int | None,
        label: str,
        changes: Sequence[Change],
        *,
        revision: int | None = None,
        sender: str = "",
        merge: bool = False,
        asked: Any = None,
    ) -> Reply:
        """Carries out a gesture, all of it or nothing.

        `sequence` numbers the gestures of a `sender` (else of the tab); a number that was applied before is
        acknowledged again and nothing is done. None: the next free number, for callers that never resend. `merge`
        joins it to the tab's latest gesture where both change the same records. `revision` is what the tab had
        seen; edits that fit in spite of newer ones are welcome, so it decides nothing. `asked` is what the
        sender said, where the changes were made from it here; else the changes tell one request from another.
        """
        content = [change.model_dump(mode="json") for change in changes]
        with self._lock:
            sender, sequence = self._ledger.numbered(tab, sequence, sender)
            request = Request("do", tab, sender, sequence, label, content, digest(asked or content), merge)
            reply = self._carry_out(
                request, lambda: touched(self.notebook, changes), lambda: apply_all(self.notebook, changes)
            )
        self._listeners.deliver()
        return reply

    def undo(self, tab: str, sequence: int | None = None, *, sender: str = "", asked: Any = None) -> Reply:
        """Takes back the tab's latest gesture, or refuses where a newer one changed the same records."""
        return self._step("undo", tab, sequence, sender, asked)

    def redo(self, tab: str, sequence: int | None = None, *, sender: str = "", asked: Any = None) -> Reply:
        """Brings back the gesture that the tab took back last."""
        return self._step("redo", tab, sequence, sender, asked)

    def answered(self, sender: str, sequence: int, asked: Any) -> Reply | None:
        """The answer to a request that was answered before, None for a new one."""
        with self._lock:
            return self._ledger.answer_again(sender, sequence, digest(asked), self.notebook, self.revision)

    def can_undo(self, tab: str) -> bool:
        return self.undo_label(tab) is not None

    def can_redo(self, tab: str) -> bool:
        return self.redo_label(tab) is not None

    def undo_label(self, tab: str) -> str | None:
        """What undo would take back for this tab, None for nothing."""
        return self._step_label("undo", tab)

    def redo_label(self, tab: str) -> str | None:
        """What redo would bring back for this tab, None for nothing."""
        return self._step_label("redo", tab)

    def _step_label(self, act: Step, tab: str) -> str | None:
        with self._lock:
            gesture = self._ledger.next_step(act, tab)
        return gesture.label if gesture else None

    def last_applied(self, sender: str) -> int:
        """The highest sequence number that was applied for a sender, 0 for none."""
        with self._lock:
            return self._ledger.acknowledged.last_applied(sender)

    def last_answered(self, sender: str) -> int:
        """The highest sequence number that was answered at all, as far as this server remembers."""
        with self._lock:
            return self._ledger.acknowledged.next_free(sender) - 1

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with every notice, from whichever thread; the result ends it."""
        return self._listeners.subscribe(listener)

    def tell(self, notice: Notice) -> None:
        """Tells every listener, after what they are being told."""
        self._listeners.put(notice)
        self._listeners.deliver()

    def runs_changed(self) -> None:
        """Tells every tab that a run was started or has changed its state."""
        self.tell(RunsChanged())

    def save(self) -> bool:
        """Writes the file now; whether it holds everything."""
        return self._may_write and self._autosave.save()

    def close(self) -> bool:
        """Writes what is not written yet and lets the file go; whether the file holds everything."""
        saved = self.save_state == "saved" or self.save()
        self._autosave.close()
        with self._lock:
            self._ledger.journal.close()
        self._writer.release()
        return saved

    def _step(self, act: Step, tab: str, sequence: int | None, sender: str, asked: Any) -> Reply:
        with self._lock:
            sender, sequence = self._ledger.numbered(tab, sequence, sender)
            gesture = self._ledger.next_step(act, tab)
            label = f"{act.capitalize()}: {gesture.label}" if gesture else act.capitalize()
            addresses = tuple(address for address, _, _ in gesture.records) if gesture else ()
            request = Request(act, tab, sender, sequence, label, [], digest(asked or act), stepped=gesture)
            reply = self._carry_out(request, lambda: addresses, lambda: stepped(self.notebook, act, gesture))
        self._listeners.deliver()
        return reply

    def _carry_out(
        self, request: Request, about: Callable[[], tuple[Address, ...]], make: Callable[[], Notebook]
    ) -> Reply:
        """Makes the new notebook and records it. `about` names the records that a refusal must show again."""
        again = self._ledger.answer_again(
            request.sender, request.sequence, request.digest, self.notebook, self.revision
        )
        if again:
            return again
        try:
            if not self._may_write:
                raise ChangeError("this notebook is open in another Weftwork")
            after = make()
        except ChangeError as error:
            addresses = about()
            self._ledger.refuse(request, self.revision, str(error), addresses)
            return Refused(str(error), self.revision, request.sequence, present_records(self.notebook, addresses))
        differences = diff(self.notebook, after)
        if differences:
            self.notebook = after
            self.revision += 1
        reply, failure = self._ledger.record(request, self.revision, differences)
        self._listeners.put(
            Changed(self.revision, request.tab, request.sender, request.sequence, request.label, reply.records)
        )
        if failure:
            self._announce(f"failed: {reason(failure, self.path)}")
            self._autosave.schedule(RETRY_S)
        elif differences:
            self._announce("unsaved")
            self._autosave.schedule()
        return reply

    def _mark(self, entry: Entry) -> None:
        with self._lock:
            self._ledger.mark(entry)

    def _announce(self, state: str) -> None:
        if state != self.save_state:
            self.save_state = state
            self._listeners.put(SaveStateChanged(state))

    def _announce_and_tell(self, state: str) -> None:
        self._announce(state)
        self._listeners.deliver()

    def _note(self, code: str, message: str) -> None:
        self.file_problems = (*self.file_problems, Problem(code, message, severity="warning"))
        self._listeners.put(StatusChanged(self.revision, self.findings.complete))
