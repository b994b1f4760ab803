"""The edits of a notebook: applied, journalled, then acknowledged, in this order and under one lock.

Listeners are told after the lock was let go. Any thread may call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from ..compiler.apply_change import apply_all
from ..compiler.changes import Change, ChangeError
from ..compiler.document import Notebook
from ..compiler.records import Address, diff
from .acknowledged import digest
from .ledger import Ledger, Request, Step, present_records, stepped
from .listeners import Listener, Listeners
from .notices import Changed, Kept, Notice, Refused, Reply
from .touched import touched


class Edits:
    """`notebook` is a frozen value: take it once and work with what you took. Subclasses say what happens to the
    file, in `in_the_way` and `_applied`."""

    def __init__(self, notebook: Notebook, revision: int, ledger: Ledger) -> None:
        self.notebook = notebook
        self.revision = revision
        self._ledger = ledger
        self._lock = threading.RLock()
        self._listeners = Listeners()

    def in_the_way(self) -> str:
        """Why nothing can be edited, "" if it can."""
        return ""

    def _applied(self, failure: OSError | None, *, changed: bool) -> None:
        """A gesture was applied; `failure` is why the journal could not be written. Called under the lock."""

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

    def last_kept(self, sender: str) -> int:
        """The highest sequence number up to which all that was applied for a sender is on the disk, 0 for none."""
        with self._lock:
            return self._ledger.last_kept(sender)

    def refusal(self, sender: str, sequence: int) -> Refused | None:
        """Why a gesture was not done that its sender still waits for, though later ones were answered."""
        with self._lock:
            return self._ledger.refusal(sender, sequence, self.revision)

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

    def _tell_kept(self) -> None:
        if self._ledger.take_kept():
            self._listeners.put(Kept())

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
            if in_the_way := self.in_the_way():
                raise ChangeError(in_the_way)
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
            Changed(
                self.revision,
                request.tab,
                request.sender,
                request.sequence,
                request.label,
                reply.records,
                kept=reply.kept,
            )
        )
        self._tell_kept()
        self._applied(failure, changed=bool(differences))
        return reply
