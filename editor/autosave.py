"""Keeps a notebook's file up to date: two seconds after the last edit, on close, and when asked."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..compiler.document import Notebook
from ..compiler.document_file import write_notebook
from .journal import Entry
from .saving import content_hash, replace_file
from .versions import keep_version

DELAY_S = 2.0
RETRY_S = 10.0  # after a failure: a full disk may have been cleared


def reason(error: OSError, path: Path) -> str:
    """An OSError as half a sentence for the user."""
    text = error.strerror or str(error)
    return f"{text[:1].lower()}{text[1:]} ({path.name})"


class Autosave:
    """Writes what `present` gives. `mark` appends to the journal, `announce` hears each new state. `outside` takes in
    what another program has written, and gives what is in the way of writing over it, "" for nothing; `agreed` hears
    what the file holds.

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
        outside: Callable[[bytes, str], str],
        agreed: Callable[[Notebook], None],
        keep_original: bool = False,
    ) -> None:
        self._path = path
        self._file_hash = file_hash
        self._kept_hash = ""  # of a version that is kept already
        self._present, self._mark, self._announce = present, mark, announce
        self._outside, self._agreed = outside, agreed
        self._held = ""  # why nothing is written until somebody has decided
        self._unkept = ""  # why what another program wrote is not looked at yet
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
            self.look()
            if self._held or self._unkept:
                self._announce(f"failed: {self._held or self._unkept}")
                return False
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

    def look(self) -> None:
        """Sees whether another program has written the file, keeps what it wrote as a version, and has it taken in."""
        with self._writing:
            try:
                content = self._path.read_bytes()
            except OSError:
                return  # Gone, or not to be read: the next save says what is the matter.
            present_hash = content_hash(content)
            self._unkept = ""
            if present_hash == self._file_hash:
                return
            try:
                kept = keep_version(self._path, content, "outside").name
            except OSError as error:
                self._unkept = f"what another program wrote could not be kept: {reason(error, self._path)}"
                return
            self._file_hash = self._kept_hash = present_hash
            self._held = self._outside(content, kept)

    def go_on(self) -> None:
        """Somebody has decided about what another program wrote."""
        self._held = ""

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
        self._agreed(notebook)
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
        if present_hash in (new_hash, self._kept_hash):
            return
        if present_hash != self._file_hash:
            # Written in this very moment. It is kept, and taken in when it is looked at.
            raise OSError(errno.EBUSY, "another program is writing the file")
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
