"""How a training cell gets a run begun or taken up again: asked of the host, and told in words until it is there."""

from __future__ import annotations

from collections.abc import Callable

from ...compiler.problems import Problem
from ...runtime.failure import one_line
from ...runtime.run_directory import RunDirectory, create_run
from .cell_view import CellView

_LOADING = "TensorFlow is loading. The run starts in a moment."


class RunStart:
    """`pending` says what is waited for, `refusal` why nothing was begun. `show` is called when either has changed, and
    `began` with each run that is on its way."""

    def __init__(self, view: CellView, show: Callable[[], None], began: Callable[[RunDirectory], None]) -> None:
        self._view, self._context = view, view.context
        self._show, self._began = show, began
        self.pending = ""
        self.refusal: Problem | None = None

    def begin(self) -> None:
        """Makes a run of the cell as it is now, and has it started."""
        blocking = self._blocking()
        if blocking is not None:
            self._refuse(blocking)
            return
        host, opened, name = self._context.host, self._context.open, self._view.cell.name
        if host is None:
            self._refuse(Problem("T490", "This server was started without TensorFlow and cannot train."))
            return

        def start() -> RunDirectory:
            run = create_run(opened.folder, opened.notebook, name, notebook_name=opened.path.name)
            host.start_run(run)
            return run

        self._wait("Starting" if getattr(host, "state", "") == "ready" else _LOADING, start)

    def resume(self, run: RunDirectory) -> None:
        """Has a run taken up again."""
        host = self._context.host

        def resume() -> RunDirectory:
            host.resume_run(run)
            return run

        self._wait("Taking the run up again from its last checkpoint.", resume)

    def started(self, run: RunDirectory | None, error: Exception | None) -> None:
        """A run is on its way, or could not be started."""
        self.pending, self.refusal = "", None
        if error is not None:
            self.refusal = Problem("T490", f"The run could not be started: {one_line(error)}")
        elif run is not None:
            self._began(run)
        self._show()

    def look(self) -> None:
        """Notices that the host cannot be started; called now and then while something is waited for."""
        host = self._context.host
        if self.pending and getattr(host, "state", "") == "gone":
            self.pending = f"TensorFlow could not be started. {getattr(host, 'message', '')}".strip()
            self._show()

    def loading(self) -> str:
        """Why a run that is in the queue has not begun, where that is the host."""
        return _LOADING if getattr(self._context.host, "state", "") == "starting" else ""

    def _wait(self, words: str, action: Callable[[], RunDirectory]) -> None:
        self.pending, self.refusal = words, None
        self._show()
        self._context.background(action, self.started)

    def _refuse(self, problem: Problem) -> None:
        self.refusal = problem
        self._show()

    def _blocking(self) -> Problem | None:
        """The first error of the cell, or of the cells that it uses."""
        cell = self._view.cell
        used = {cell.name, cell.network, cell.data}
        problems = self._context.open.problems
        return next((one for one in problems if one.severity == "error" and one.at.cell in used), None)
