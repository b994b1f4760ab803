"""A notebook that is open: its only writer, however many tabs look at it.

Every edit goes through `perform`, `undo` or `redo` (`edits.py`); what becomes of the file stands in `kept_file.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..compiler.document import Notebook
from ..compiler.problems import Problem
from ..compiler.records import diff, record_to_json
from ..compiler.specs import NodeShapes
from .autosave import RETRY_S, reason
from .edits import Edits
from .findings import Findings
from .journal import Entry
from .kept_file import KeptFile
from .ledger import Ledger
from .notices import Changed, FileChanged, RunsChanged, SaveStateChanged
from .outside_changes import OUTSIDE

if TYPE_CHECKING:
    from ..compiler.pipeline import ShapeOracle


class OpenNotebook(Edits):
    """One object per file per server.

    `findings` is what the background check last found; `watch_status.py` sets it.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file and brings back what its journal holds beyond it. Raises OSError."""
        self.path = path
        self.folder = path.parent
        self.file = KeptFile(path)
        state = self.file.reopened
        super().__init__(state.notebook, state.revision, Ledger(self.file.journal, state))
        self.save_state = "saved"
        self.findings = Findings()
        # Asks Keras for shapes; None while the host is not ready. Set, like the findings, by `watch_status.py`.
        self.oracle: ShapeOracle | None = None
        self.file.begin(
            present=self.present,
            perform=lambda label, change: self.perform(OUTSIDE, None, label, [change]),
            mark=self._mark,
            announce=self._announce_and_tell,
            changed=lambda: self.tell(FileChanged()),
            replace=self._replace,
        )
        if state.unsaved and self.file.may_write:
            self.save_state = "unsaved"
            self.file.autosave.schedule()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong: with the file, the data and the drawing."""
        return (*self.file.problems, *self.findings.problems)

    @property
    def shapes(self) -> dict[str, dict[str, NodeShapes]]:
        """By cell name and node id, as far as they are known; `findings.revision` says of which revision."""
        return self.findings.shapes

    def runs_changed(self) -> None:
        """Tells every tab that a run was started or has changed its state."""
        self.tell(RunsChanged())

    def save(self) -> bool:
        """Writes the file now; whether it holds everything."""
        return self.file.save()

    def take_over(self) -> bool:
        """Edits here what another Weftwork had open, if that has let go; whether it has. Raises OSError."""
        with self._lock:
            state = self.file.take_over()
            if state is None:
                return False
            self._ledger = Ledger(self.file.journal, state)
            self.revision = max(self.revision, state.revision)
        self._replace(state.notebook)
        self.file.autosave.schedule()
        self.tell(FileChanged())
        return True

    def close(self) -> bool:
        """Writes what is not written yet and lets the file go; whether the file holds everything."""
        saved = self.save_state == "saved" or self.save()
        with self._lock:
            self.file.close()
        return saved

    def in_the_way(self) -> str:
        return f"this notebook is open in {self.file.held_by.words()}" if self.file.held_by else ""

    def _applied(self, failure: OSError | None, *, changed: bool) -> None:
        if failure:
            self._announce(f"failed: {reason(failure, self.path)}")
            self.file.autosave.schedule(RETRY_S)
        elif changed:
            self._announce("unsaved")
            self.file.autosave.schedule()

    def _mark(self, entry: Entry) -> None:
        with self._lock:
            self._ledger.mark(entry)
            self._tell_kept()

    def _announce(self, state: str) -> None:
        if state != self.save_state:
            self.save_state = state
            self._listeners.put(SaveStateChanged(state))

    def _announce_and_tell(self, state: str) -> None:
        self._announce(state)
        self._listeners.deliver()

    def _replace(self, notebook: Notebook) -> None:
        """Shows what another Weftwork has written."""
        with self._lock:
            differences = diff(self.notebook, notebook)
            if not differences:
                return
            self.notebook = notebook
            self.revision += 1
            records = tuple((address, record_to_json(new)) for address, _, new in differences)
            self._listeners.put(Changed(self.revision, OUTSIDE, OUTSIDE, 0, "Edits in another Weftwork", records))
        self._listeners.deliver()
