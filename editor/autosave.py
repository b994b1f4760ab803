"""Keeps a notebook's file up to date: two seconds after the last edit, on close, and when asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..compiler.document import Notebook
from ..compiler.document_file import write_notebook
from .journal import Entry
from .saving import content_hash, keep_version, replace_file

DELAY_S = 2.0
RETRY_S = 10.0  # after a failure: a full disk may have been cleared


def reason(error: OSError, path: Path) -> str:
    """An OSError as half a sentence for the user."""
    text = error.strerror or str(error)
    return f"{text[:1].lower()}{text[1:]} ({path.name})"


class Autosave:
    """Writes what `present` gives. `mark` appends to the journal, `announce` hears each new state, and `notice`
    hears what the user should know.

    Safe to use from any thread; one write at a time.
    """

    def __init__(
        self,
        path: Path,
        file_hash: str,
        *,
        present: Callable[[], tuple[Notebook, int]],
        mark: Callable[[Entry], None],
        announce: Callable[[str], None],
        notice: Callable[[str], None],
        keep_original: bool = False,
    ) -> None:
        self._path = path
        self._file_hash = file_hash
        self._present, self._mark, self._announce, self._notice = present, mark, announce, notice
        self._note = "original" if keep_original else ""
        self._timer: threading.Timer | None = None
        self._due = 0.0
        self._rings = 0.0  # when the timer does; 0 while there is none
        self._waiting = threading.Lock()
        self._writing = threading.RLock()
        self._closed = False

    def schedule(self, delay_s: float = DELAY_S) -> None:
        """Writes after a while, counted anew from each call."""
        with self._waiting:
            self._due = time.monotonic() + delay_s
            # A timer that is under way looks again when it rings; a thread for every keystroke would cost more.
            if self._closed or (self._rings and self._rings <= self._due):
                return
            self._ring_in(delay_s)

    def _ring_in(self, delay_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings = time.monotonic() + delay_s
        self._timer = threading.Timer(delay_s, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def _ring(self) -> None:
        with self._waiting:
            self._rings = 0.0
            left = self._due - time.monotonic()
            if self._closed:
                return
            if left > 0:
                self._ring_in(left)
                return
        self.save()

    def _stop_timer(self) -> None:
        with self._waiting:
            self._rings = 0.0
            if self._timer is not None:
                self._timer.cancel()

    def save(self) -> bool:
        """Writes now; whether the file holds everything. A failure is announced and tried again later."""
        with self._writing:
            self._stop_timer()
            notebook, revision = self._present()
            self._announce("saving")
            try:
                self._write(notebook, revision)
            except OSError as error:
                self._announce(f"failed: {reason(error, self._path)}")
                self.schedule(RETRY_S)
                return False
            self._announce("saved" if self._present()[1] == revision else "unsaved")
            return True

    def close(self) -> None:
        self._closed = True
        self._stop_timer()

    def _write(self, notebook: Notebook, revision: int) -> None:
        content = write_notebook(notebook).encode()
        new_hash = content_hash(content)
        failure = self._attempt(lambda: self._mark({"mark": "saving", "hash": new_hash, "revision": revision}))
        self._keep_present_file(new_hash)
        replace_file(self._path, content)
        self._file_hash = new_hash
        failure = failure or self._attempt(
            lambda: self._mark({"mark": "saved", "hash": new_hash, "revision": revision})
        )
        if failure:
            # The file is safe; the next edit may not be, until the journal can be written.
            raise failure

    def _keep_present_file(self, new_hash: str) -> None:
        """Keeps what is about to be overwritten. Raises OSError: nothing is overwritten that could not be kept,
        unless it is a version that we wrote ourselves."""
        try:
            present = self._path.read_bytes()
        except FileNotFoundError:
            return
        present_hash = content_hash(present)
        if present_hash == new_hash:
            return
        if present_hash != self._file_hash:
            kept = keep_version(self._path, present, "outside")
            self._notice(
                f"{self._path.name} was changed by another program while it was open here. "
                f"That version is kept as .weftwork/versions/{kept.name}."
            )
        else:
            failure = self._attempt(lambda: keep_version(self._path, present, self._note))
            if failure and self._note:
                raise failure
        self._note = ""

    @staticmethod
    def _attempt(step: Callable[[], object]) -> OSError | None:
        try:
            step()
        except OSError as error:
            return error
        return None
