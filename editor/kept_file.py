"""The file of an open notebook: locked, brought back after a crash, written, and watched for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..compiler.changes import RestoreRecords
from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook
from ..compiler.problems import Problem, has_errors
from .autosave import Autosave
from .journal import Entry, Journal
from .notices import Reply
from .one_writer import Holder, OneWriter
from .outside_changes import Answer, OutsideChanges, Question
from .reopening import Reopened, reopen
from .saving import content_hash


class KeptFile:
    """Made with its notebook; `reopened` is what the notebook begins with. `begin` must follow.

    `problems` are about the file. Where another Weftwork writes it, `held_by` says who, and nothing is written here.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file cannot be read."""
        self.path = path
        own_files = path.parent / ".weftwork" / "journal"
        self._journal_path = own_files / f"{path.name}.jsonl"
        self._writer = OneWriter(own_files / f"{path.name}.lock")
        self.problems: tuple[Problem, ...] = ()
        self.held_by: Holder | None = None
        self.reopened = self._reopen()

    def _reopen(self) -> Reopened:
        may_write = self._writer.acquire()
        self.held_by = None if may_write else self._writer.holder()
        self.journal = Journal(self._journal_path)
        try:
            state = reopen(self.path, self.journal, may_write=may_write)
        except OSError:
            self._writer.release()
            raise
        self.problems = tuple(state.problems)
        self._file_hash = state.file_hash
        return state

    def begin(
        self,
        *,
        present: Callable[[], tuple[Notebook, int]],
        perform: Callable[[str, RestoreRecords], Reply],
        mark: Callable[[Entry], None],
        announce: Callable[[str], None],
        changed: Callable[[], None],
        replace: Callable[[Notebook], None],
    ) -> None:
        """Begins to keep what `present` gives. `perform` merges what other programs write, `replace` shows what the
        writer wrote where this is not the writer; `changed` hears that there is something new to say of the file."""
        self._present, self._perform, self._mark = present, perform, mark
        self._announce, self._changed, self._replace = announce, changed, replace
        self._start(self.reopened)

    def _start(self, state: Reopened) -> None:
        self._outside = OutsideChanges(
            self.path,
            state.in_file,
            present=lambda: self._present()[0],
            perform=self._perform,
            tell=lambda message: self.note("F620", message),
        )
        self.autosave = Autosave(
            self.path,
            state.file_hash,
            present=self._present,
            mark=self._mark,
            announce=self._announce,
            outside=self._take_in,
            agreed=self._outside.agreed,
            keep_original=state.malformed,
        )

    @property
    def may_write(self) -> bool:
        return self.held_by is None

    @property
    def question(self) -> Question | None:
        """What another program changed as well, and somebody has to decide."""
        return self._outside.question

    def note(self, code: str, message: str) -> None:
        """Adds to what is said of the file; the latest of a code stands."""
        others = tuple(problem for problem in self.problems if problem.code != code)
        self.problems = (*others, Problem(code, message, severity="warning"))
        self._changed()

    def forget(self, code: str) -> None:
        """Somebody has read what was said under a code."""
        self.problems = tuple(problem for problem in self.problems if problem.code != code)
        self._changed()

    def save(self) -> bool:
        """Writes the file now; whether it holds everything."""
        return self.may_write and self.autosave.save()

    def look(self) -> None:
        """Sees whether another program has written the file, and takes it in."""
        if self.may_write:
            self.autosave.look()
            return
        try:
            content = self.path.read_bytes()
        except OSError:
            return
        if content_hash(content) != self._file_hash:
            notebook, problems = read_notebook(content.decode("utf-8-sig", "replace"))
            if not has_errors(problems):
                self._file_hash = content_hash(content)
                self._replace(notebook)

    def answer(self, choice: Answer) -> str:
        """Settles the question and saves; the name of the copy, if one was asked for. Raises OSError."""
        copy = self._outside.answer(choice)
        self.autosave.go_on()
        self._changed()
        self.autosave.save()
        return copy

    def take_over(self) -> Reopened | None:
        """Becomes the writer, if the other Weftwork has let go; the notebook as that left it, None if it has not.

        Raises OSError.
        """
        state = self._reopen()
        if not self.may_write:
            return None
        self._start(state)
        return state

    def close(self) -> None:
        self.autosave.close()
        self.journal.close()
        self._writer.release()

    def _take_in(self, content: bytes, kept: str) -> str:
        held = self._outside.take_in(content, kept)
        self._changed()
        return held
