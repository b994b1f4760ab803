"""What another program wrote into an open notebook's file: merged where it goes together, else asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..compiler.changes import RestoreRecords
from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook
from ..compiler.merge_records import Conflict, merge
from ..compiler.problems import has_errors
from ..compiler.records import Address, record_at, record_to_json
from ..compiler.write_notebook import write_notebook
from .notices import Applied, Reply
from .saving import replace_file

Answer = Literal["mine", "theirs", "copy"]

# The name under which changes of other programs stand in the history; no browser tab has it.
OUTSIDE = "outside"
_ATTEMPTS = 20  # edits that come in between are seen in the next one


@dataclass(frozen=True, slots=True)
class Question:
    """Two sides changed the same. `kept` is the version that holds all of what the other program wrote."""

    conflicts: tuple[Conflict, ...]
    theirs: Notebook
    kept: str


class OutsideChanges:
    """`base` is the notebook that file and editor last agreed on. `perform` carries out a change of the notebook
    that `present` gives; `tell` hears, in one sentence each time, what has happened."""

    def __init__(
        self,
        path: Path,
        base: Notebook,
        *,
        present: Callable[[], Notebook],
        perform: Callable[[str, RestoreRecords], Reply],
        tell: Callable[[str], None],
    ) -> None:
        self.question: Question | None = None
        self._path, self._base = path, base
        self._present, self._perform, self._tell = present, perform, tell

    def agreed(self, notebook: Notebook) -> None:
        """The file holds this now."""
        self._base = notebook

    def take_in(self, content: bytes, kept: str) -> str:
        """Merges what another program wrote; why the file must not be written over now, "" if it may."""
        theirs, problems = read_notebook(content.decode("utf-8-sig", "replace"))
        if has_errors(problems):
            self._tell(
                f"{self._path.name} was changed by another program and cannot be read any more: {problems[0].message} "
                f"What you have here is whole and will be saved; the other is kept as .weftwork/versions/{kept}."
            )
            return ""
        conflicts = self._merge(theirs)
        if not conflicts:
            self._base, self.question = theirs, None
            return ""
        # The base stays: should they write again before somebody has chosen, what is in dispute still is.
        self.question = Question(conflicts, theirs, kept)
        return "please choose below"

    def answer(self, choice: Answer) -> str:
        """Carries out the choice; where the other side stands as a file of its own, if that was asked for.

        Raises OSError where that file cannot be written; the question stays.
        """
        question = self.question
        if question is None:
            return ""
        copy = ""
        if choice == "copy":
            path = _free_name(self._path)
            replace_file(path, write_notebook(question.theirs).encode())
            copy = path.name
        elif choice == "theirs":
            self._put(lambda: tuple((conflict.address, conflict.theirs) for conflict in question.conflicts))
        self._base, self.question = question.theirs, None
        return copy

    def _merge(self, theirs: Notebook) -> tuple[Conflict, ...]:
        conflicts: tuple[Conflict, ...] = ()

        def wanted() -> tuple[tuple[Address, object], ...]:
            nonlocal conflicts
            merged = merge(self._base, self._present(), theirs)
            conflicts = merged.conflicts
            return merged.records

        if count := self._put(wanted):
            self._tell(
                f"{self._path.name} was changed by another program; "
                f"{'its change is' if count == 1 else f'its {count} changes are'} part of the notebook now."
            )
        return conflicts

    def _put(self, wanted: Callable[[], tuple[tuple[Address, object], ...]]) -> int:
        for _ in range(_ATTEMPTS):
            present = self._present()
            records = wanted()
            if not records:
                return 0
            change = RestoreRecords(
                records=tuple((address, record_to_json(record)) for address, record in records),
                expected=tuple((address, record_to_json(record_at(present, address))) for address, _ in records),
            )
            if isinstance(self._perform("Changes by another program", change), Applied):
                return len(records)
        raise RuntimeError("the notebook would not hold still")


def _free_name(path: Path) -> Path:
    number = 1
    while (copy := path.with_stem(f"{path.stem} (theirs{f' {number}' if number > 1 else ''})")).exists():
        number += 1
    return copy
