"""Runs cells of a notebook one after another, for every tab that looks at it. Nothing starts by itself: a tab asks.

What is asked for is put in the order in which cells use each other. A cell that fails stops those that use it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from ..compiler.cell_graph import by_name
from ..compiler.document import CodeCell, EvaluationCell, ExportCell, Notebook, TrainingCell
from ..compiler.run_plan import needed_for, run_order
from ..runtime.keep_results import keep_code, keep_evaluation, keep_export
from ..runtime.kept_outputs import KeptOutputs
from ..runtime.run_directory import RunDirectory, create_run
from ..runtime.standing import NOTHING, Standing, Surroundings, standings
from .open_notebook import OpenNotebook

EVALUATION_LIMIT_S = 600.0
EXPORT_LIMIT_S = 900.0
_LOOK_S = 0.1
_GRACE_S = 10.0

_log = logging.getLogger(__name__)


class CannotRun(Exception):
    """Why a cell was not run, in one sentence for the user."""


class CellWork:
    """The work on one notebook. Cells go by id. `inline` does everything in the caller's thread, for tests."""

    def __init__(self, opened: OpenNotebook, host: Any, *, inline: bool = False) -> None:
        self.opened, self.host = opened, host
        self.outputs = KeptOutputs(opened.folder)
        self.running = ""
        self.waiting: list[str] = []
        self.faults: dict[str, str] = {}
        # What code cells have put out that then failed: shown, and not kept.
        self.results: dict[str, dict[str, Any]] = {}
        self._formats: dict[str, list[str]] = {}
        self._inline = inline
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def around(self) -> Surroundings:
        """Where the notebook is at home, and what is known of its data."""
        data = self.opened.findings.data
        fingerprints = {name: found.fingerprint for name, found in data.items() if found.fingerprint}
        return Surroundings(self.opened.folder, self.opened.path.name, self.outputs, fingerprints)

    def standings(self) -> dict[str, Standing]:
        """How the outputs of the notebook's cells stand to it now, by cell name."""
        return standings(self.opened.notebook, self.around())

    def state(self, cell: str) -> str:
        """running, waiting, or "" for a cell that nobody has asked for."""
        with self._lock:
            return "running" if cell == self.running else "waiting" if cell in self.waiting else ""

    def formats_of(self, cell: str) -> list[str]:
        """The formats that an export cell is being asked for."""
        with self._lock:
            return list(self._formats.get(cell, ()))

    def start(self, names: Collection[str], *, formats: Collection[str] = ()) -> None:
        """Has cells run, each once, after what they use and after what was asked for before. Gives no answer: tabs
        are told as the work goes on. `formats` are what export cells among them are to write."""
        cells = by_name(self.opened.notebook)
        with self._lock:
            for name in run_order(self.opened.notebook, names):
                cell = cells[name]
                self.faults.pop(cell.id, None)
                if formats and isinstance(cell, ExportCell):
                    known = self._formats.setdefault(cell.id, [])
                    known += [to for to in formats if to not in known]
                if cell.id not in self.waiting and (cell.id != self.running or formats):
                    self.waiting.append(cell.id)
            begin = self._thread is None and bool(self.waiting)
            if begin:
                self._stop.clear()
                self._thread = threading.Thread(target=self._work, name="run cells", daemon=True)
        self.opened.runs_changed()
        if begin and self._thread is not None:
            self._work() if self._inline else self._thread.start()

    def stop(self) -> None:
        """Forgets what waits, and stops the run that is going."""
        with self._lock:
            self.waiting.clear()
            self._stop.set()
        self.opened.runs_changed()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self.waiting:
                    self._thread, self.running = None, ""
                    break
                self.running = self.waiting.pop(0)
            self.opened.runs_changed()
            self._run(self.running)
        self.opened.runs_changed()

    def _run(self, cell_id: str) -> None:
        notebook = self.opened.notebook
        cell = next((cell for cell in notebook.cells if cell.id == cell_id), None)
        try:
            match cell:
                case CodeCell():
                    self._code(notebook, cell)
                case TrainingCell():
                    self._train(notebook, cell)
                case EvaluationCell():
                    self._evaluate(notebook, cell)
                case ExportCell():
                    self._export(notebook, cell)
        except Exception as error:
            # The reason is for the user, whatever it was; the log has the rest.
            _log.info("%s", error, exc_info=error)
            self.faults[cell_id] = str(error) or type(error).__name__
            self._formats.pop(cell_id, None)
            if cell is not None:
                self._drop_users(notebook, cell.name)

    def _drop_users(self, notebook: Notebook, failed: str) -> None:
        """What uses a cell that failed has nothing to work with."""
        names = {cell.id: cell.name for cell in notebook.cells}
        with self._lock:
            for cell_id in list(self.waiting):
                if failed in needed_for(notebook, names.get(cell_id, ""))[:-1]:
                    self.waiting.remove(cell_id)
                    self.faults[cell_id] = f"Not run, because {failed} did not get to its end."

    def _train(self, notebook: Notebook, cell: TrainingCell) -> None:
        used = {cell.name, cell.network, cell.data}
        for problem in self.opened.problems:
            if problem.severity == "error" and problem.at.cell in used:
                raise CannotRun(f"Run has to wait: {problem.message}")
        if self.host is None:
            raise CannotRun("This server was started without TensorFlow and cannot train.")
        run = create_run(self.opened.folder, notebook, cell.name, notebook_name=self.opened.path.name)
        self.host.start_run(run)
        self.opened.runs_changed()
        state = self._wait_for(run)
        if state != "finished":
            raise CannotRun(run.message() or f"The run ended as {state}.")

    def _wait_for(self, run: RunDirectory) -> str:
        """The state in which a run ends. Its pages can pause it meanwhile; waiting costs next to nothing."""
        asked = False
        while (state := run.state()) in ("queued", "building", "running", "paused"):
            if self._stop.wait(_LOOK_S) and not asked:
                run.stop()
                asked = True
            if asked:
                run.wait(timeout=_LOOK_S)
        return state

    def _evaluate(self, notebook: Notebook, cell: EvaluationCell) -> None:
        run = self.standings().get(cell.name, NOTHING).run
        if run is None:
            raise CannotRun(f"{cell.training or 'The training cell'} has not been trained.")
        arguments = {"run_path": str(run.path), "folder": str(self.opened.folder)}
        if "weights" in cell.options:
            arguments["weights"] = str(cell.options["weights"])
        result = self._call("weftwork.runtime.evaluate:evaluate_run", arguments, EVALUATION_LIMIT_S)
        keep_evaluation(cell, run, result, self.around())

    def _code(self, notebook: Notebook, cell: CodeCell) -> None:
        from ..runtime.code_cells.request import FUNCTION, LIMIT_S, code_arguments, memory_limit, plain_reason

        self.results.pop(cell.id, None)
        around = self.around()
        arguments = code_arguments(notebook, cell, around)
        if self.host is None:
            raise CannotRun("This server was started without the process that runs code.")
        try:
            # The code is told its end from within; the host steps in where it does not listen.
            result = self.host.call(FUNCTION, arguments, LIMIT_S + _GRACE_S, memory=memory_limit(), stop=self._stop)
        except Exception as error:
            raise CannotRun(plain_reason(str(error))) from error
        if result["error"] is not None:
            self.results[cell.id] = result
            raise CannotRun(error_line(result["error"], cell.name))
        keep_code(notebook, cell, result, around)

    def _export(self, notebook: Notebook, cell: ExportCell) -> None:
        known = self.standings().get(cell.name, NOTHING).outputs
        if not self._formats.get(cell.id):
            self._formats[cell.id] = list(dict.fromkeys([*cell.options.get("formats", ()), *known]))
        for to in self.formats_of(cell.id):
            if not self.opened.save():
                raise CannotRun(f"{self.opened.path.name} could not be saved, and what is exported is the file.")
            arguments = {"file": str(self.opened.path), "to": to, "cell": cell.name}
            result = self._call("weftwork.runtime.headless:export_task", arguments, EXPORT_LIMIT_S)
            keep_export(notebook, cell, to, result, self.around())
            with self._lock:
                self._formats[cell.id].remove(to)
            self.opened.runs_changed()

    def _call(self, function: str, arguments: dict[str, Any], limit: float) -> dict[str, Any]:
        if self.host is None:
            raise CannotRun("This server was started without TensorFlow.")
        return self.host.call(function, arguments, limit)


def error_line(error: dict[str, Any], cell: str) -> str:
    """An error of code and where it is: "Line 3: NameError: …"."""
    place = f"Line {error['line']}" if error.get("line") else ""
    if error.get("cell") != cell:
        place = f"{place} of {error['cell']}" if place else str(error.get("cell"))
    return f"{place}: {error['message']}" if place else str(error["message"])


_works: WeakKeyDictionary[OpenNotebook, CellWork] = WeakKeyDictionary()
_lock = threading.Lock()


def work_on(opened: OpenNotebook, host: Any, *, inline: bool = False) -> CellWork:
    """The work on an open notebook: one for all its tabs."""
    with _lock:
        if opened not in _works:
            _works[opened] = CellWork(opened, host, inline=inline)
        work = _works[opened]
    work.host = host
    return work
