"""Checks a notebook in the background after every edit: what needs no Keras at once, then shapes and the rest.

Only the latest revision is checked; edits that come meanwhile are seen in the next round.
"""

from __future__ import annotations

import logging
import threading

from ..compiler.document import Notebook
from ..compiler.nesting.paths import outermost
from ..compiler.pipeline import check
from ..compiler.problems import Problem
from ..runtime.code_cells.consent import allowed_in
from ..runtime.host import Host, TaskFailed
from .describe_data import DataDescriptions
from .findings import Findings
from .notices import Changed, CodeAllowed, FileChanged, Notice, StatusChanged
from .open_notebook import OpenNotebook

_log = logging.getLogger(__name__)

_HOST_POLL_S = 0.5  # while TensorFlow is loading; it takes seconds
_FILES_POLL_S = 2.0  # for data files that other programs write; nobody waits for it


class StatusWatch:
    """Keeps `findings` of an open notebook up to date, from a thread of its own."""

    def __init__(self, notebook: OpenNotebook, host: Host | None = None) -> None:
        self._notebook = notebook
        self._host = host
        # What the last complete check saw and the structural one did not: shown until the next complete one.
        self._seen_by_keras: tuple[Problem, ...] = ()
        self._wake = threading.Event()
        self._wake.set()
        self._closed = False
        self._data = DataDescriptions(notebook.folder, self.wake)
        self._unsubscribe = notebook.subscribe(self._hear)
        self._thread = threading.Thread(target=self._run, name=f"check {notebook.path.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Has the notebook checked again."""
        self._wake.set()

    def close(self) -> None:
        self._closed = True
        self._unsubscribe()
        self._data.close()
        self._wake.set()

    def _hear(self, notice: Notice) -> None:
        if (isinstance(notice, Changed) and notice.records) or isinstance(notice, CodeAllowed | FileChanged):
            self._wake.set()

    def _run(self) -> None:
        while True:
            waits_for_host = self._host is not None and not self._notebook.findings.complete
            woken = self._wake.wait(_HOST_POLL_S if waits_for_host else _FILES_POLL_S)
            if self._closed:
                return
            if woken:
                # Only what was seen is put away: what wakes us from here on is for the next round.
                self._wake.clear()
            host_came = waits_for_host and self._host_ready()
            if not woken and not host_came and not self._data.changed(self._notebook.notebook):
                continue
            try:
                self._check()
            except Exception:
                if self._closed:
                    return
                # A fault of ours in one check must not end all checking.
                _log.exception("checking %s failed", self._notebook.path.name)
                self._wake.wait(_HOST_POLL_S)

    def _host_ready(self) -> bool:
        return self._host is not None and self._host.state == "ready"

    def _check(self) -> None:
        notebook, revision = self._notebook.present()
        data, data_problems = self._data.of(notebook)
        allowed = allowed_in(notebook)
        structural = check(notebook, data=data, allowed=allowed)
        kept = tuple(problem for problem in self._seen_by_keras if _place_exists(notebook, problem))
        self._publish(
            Findings(
                revision,
                False,
                (*data_problems, *structural.problems, *kept),
                _still_there(notebook, self._notebook.findings),
                structural.programs,
                data,
            )
        )
        if self._closed or self._wake.is_set() or not self._host_ready():
            return
        assert self._host is not None
        try:
            oracle = self._notebook.oracle = self._notebook.oracle or self._host.oracle()
            full = check(notebook, oracle=oracle, data=data, allowed=allowed)
        except TaskFailed as error:
            # The host went away; it is started anew by itself, and then asked again.
            _log.warning("the shape service did not answer: %s", error)
            self._notebook.oracle = None
            return
        self._seen_by_keras = tuple(problem for problem in full.problems if problem not in structural.problems)
        problems = (*data_problems, *full.problems)
        self._publish(Findings(revision, True, problems, full.shapes, full.programs, data))

    def _publish(self, findings: Findings) -> None:
        self._notebook.findings = findings
        self._notebook.tell(StatusChanged(findings.revision, findings.complete))


def _still_there(notebook: Notebook, before: Findings) -> dict:
    cells = {cell.name: cell for cell in notebook.networks()}
    return {
        name: {node: known for node, known in shapes.items() if node in cells[name].nodes}
        for name, shapes in before.shapes.items()
        if name in cells
    }


def _place_exists(notebook: Notebook, problem: Problem) -> bool:
    at = problem.at
    cell = next((cell for cell in notebook.cells if cell.name == at.cell), None)
    if at.cell and cell is None:
        return False
    return not at.node or outermost(at.node) in getattr(cell, "nodes", {})
