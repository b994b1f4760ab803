"""Training: settings, Run, and the run as it goes on."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.keys import cell_keys
from ...compiler.problems import Problem
from ...runtime.run_directory import RunDirectory, create_run, list_runs
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from ..plots.live_plot import LivePlot
from .cell_view import CellState, CellView
from .frame import Frame
from .problem_rows import accept_fix, problem_rows
from .run_follower import RunFollower
from .run_panel import controls, legend, notice, progress_bar, run_list
from .run_words import TONES
from .training_form import TrainingForm


class TrainingCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.follower: RunFollower | None = None
        self.runs: list[RunDirectory] = []
        self.plot: LivePlot | None = None
        self._pending = ""
        self._refusal: Problem | None = None
        self._trained_key: dict[str, str] = {}
        self._form = TrainingForm(self.context, self.cell)
        self._speeds: dict[str, str] = {}
        self.body = Markup(on_message=self._heard_body)
        self.panel = Markup(on_message=self._heard_body)
        self.plots = Frame(visible=False, styles={"padding": "0 16px 8px 8px"})
        self.legend = Markup(visible=False)
        self.list = Markup(on_message=self._heard_body)
        return [self.body, self._form.curve, self.panel, self.legend, self.plots, self.list]

    def refresh(self) -> None:
        super().refresh()
        self.plots.attributes = {**self.plots.attributes, "data-testid": f"live-plot:{self.cell.name}"}
        self._find_runs()
        self._show()

    def tick(self) -> None:
        if self._pending:
            self._show_waiting()
        if self.follower is not None and self.follower.progress.going:
            self._look()

    def turn(self, theme: str) -> None:
        self._form.turn(theme)
        if self.plot is not None:
            self.plot.turn("dark" if theme == "dark" else "light")

    def state(self) -> CellState | None:
        if self._pending:
            return CellState("starting", "info", busy=True)
        if self.follower is None:
            return CellState("not run yet")
        state = self.follower.progress.state
        if self.follower.progress.going:
            return CellState(state, TONES.get(state, ""), busy=state != "paused")
        if state == "finished":
            if self._is_fresh(self.follower.run):
                return CellState("fresh", "ok", why="Trained as it stands here.")
            return CellState("stale", "warning", why="Edited since it was trained.")
        return CellState(state, TONES.get(state, ""))

    def _is_fresh(self, run: RunDirectory) -> bool:
        if run.id not in self._trained_key:
            try:
                self._trained_key[run.id] = cell_keys(run.notebook()).get(self.cell.name, "")
            except OSError:
                self._trained_key[run.id] = ""
        return self._trained_key[run.id] == cell_keys(self.context.open.notebook).get(self.cell.name)

    def _find_runs(self) -> None:
        """The runs of this cell, newest first; one that is going, or else the newest, is followed."""
        name = self.context.open.path.name
        self.runs = [
            run
            for run in list_runs(self.context.folder)
            if (info := run.info()).get("notebook") == name and info.get("cell") == self.cell.name
        ]
        newest = self.runs[0] if self.runs else None
        if newest and (self.follower is None or newest.id > self.follower.run.id):
            self._follow(newest)

    def _follow(self, run: RunDirectory) -> None:
        self.follower = RunFollower(run)
        self.plot = None
        self.plots.objects = []
        self.plots.visible = self.legend.visible = False
        self.plots.mark(points=0, step=0)
        self._look()

    def _look(self) -> None:
        """Draws what the run has written since."""
        follower = self.follower
        if follower is None:
            return
        before = follower.progress.state
        news = follower.look()
        fresh = self.plot is None and bool(follower.columns)
        if fresh:
            self.plot = LivePlot(follower.columns, self.context.shell.theme)
        if self.plot is not None:
            if news.again:
                self.plot.clear()
            if news.rows is not None:
                self.plot.add(news.rows)
                self.plots.mark(points=self.plot.points, step=self.plot.step)
            if news.epochs:
                self.plot.set_epochs(list(follower.epochs.values()))
            if fresh:
                # Last, so that it comes to the page with its points and none is sent twice.
                self._show_plot(self.plot)
        self._show_run()
        if before != follower.progress.state:
            self.show_head()
            if before in ("running", "paused", "building") and not follower.progress.going:
                self.context.open.runs_changed()

    def _show_plot(self, plot: LivePlot) -> None:
        self.plots.objects = [plot.view]
        self.legend.show(legend(plot.columns))
        self.plots.visible = self.legend.visible = True

    def _blocking(self) -> list[Problem]:
        """Errors of this cell and of the cells that it uses."""
        used = {self.cell.name, self.cell.network, self.cell.data}
        return [
            problem for problem in self.context.open.problems if problem.severity == "error" and problem.at.cell in used
        ]

    def _show(self) -> None:
        """Everything but the plots."""
        self._form.cell = self.cell
        self.body.show(
            h(
                "div",
                problem_rows(self.problems(), of=self.cell.name),
                self._form.html(),
                class_="body stack",
            )
        )
        self.list.show(run_list(self.runs, self.follower.run.id if self.follower else "", self.cell.name))
        self._show_run()

    def _show_run(self) -> None:
        """What changes while a run goes on."""
        progress = self.follower.progress if self.follower else None
        self.panel.show(
            h(
                "div",
                controls(self.cell.name, progress, pending=bool(self._pending)),
                notice(self._pending or self._loading(), self._refusal),
                progress_bar(progress) if progress else None,
                self._speed(),
                class_="body stack",
            )
        )

    def _speed(self) -> Html | None:
        """What the run computes in, where that was asked for or measured; known a moment after it began."""
        follower = self.follower
        if follower is None:
            return None
        if follower.run.id not in self._speeds or follower.progress.state in ("queued", "building"):
            self._speeds[follower.run.id] = str((follower.run.info().get("speed") or {}).get("words", ""))
        words = self._speeds[follower.run.id]
        return h("p", words, class_="muted small", data_testid="run-speed") if words else None

    def _loading(self) -> str:
        """Why a run that was asked for has not begun."""
        queued = self.follower is not None and self.follower.progress.state == "queued"
        if queued and getattr(self.context.host, "state", "") == "starting":
            return "TensorFlow is loading. The run starts in a moment."
        return ""

    def _show_waiting(self) -> None:
        host = self.context.host
        if getattr(host, "state", "") == "gone":
            self._pending = f"TensorFlow could not be started. {getattr(host, 'message', '')}".strip()
            self._show_run()

    def _heard_body(self, message: dict[str, Any]) -> None:
        follower = self.follower
        match message.get("action"):
            case "run":
                self._run()
            case "pause" if follower:
                follower.run.pause()
            case "go-on" if follower:
                follower.run.resume()
            case "stop" if follower:
                follower.run.stop()
            case "resume" if follower:
                self._resume(follower.run)
            case "look-at":
                for run in self.runs:
                    if run.id == message.get("value"):
                        self._follow(run)
                        self.show_head()
            case "fix":
                accept_fix(self.context, message, self.problems())
            case _:
                if self._form.heard(message):
                    self._show()

    def _run(self) -> None:
        if self._pending or (self.follower and self.follower.progress.going):
            return
        blocking = self._blocking()
        self._refusal = blocking[0] if blocking else None
        if blocking:
            self._show_run()
            return
        host, opened, name = self.context.host, self.context.open, self.cell.name
        if host is None:
            self._refusal = Problem("T490", "This server was started without TensorFlow and cannot train.")
            self._show_run()
            return
        ready = getattr(host, "state", "") == "ready"
        self._pending = "Starting" if ready else "TensorFlow is loading. The run starts in a moment."
        self._show_run()
        self.show_head()

        def start() -> RunDirectory:
            run = create_run(opened.folder, opened.notebook, name, notebook_name=opened.path.name)
            host.start_run(run)
            return run

        self.context.background(start, self._started)

    def _resume(self, run: RunDirectory) -> None:
        host = self.context.host
        self._pending = "Taking the run up again from its last checkpoint."
        self._show_run()
        self.context.background(lambda: host.resume_run(run) and None, lambda _, error: self._started(run, error))

    def _started(self, run: RunDirectory | None, error: Exception | None) -> None:
        self._pending = ""
        if error is not None or run is None:
            self._refusal = Problem("T490", f"The run could not be started: {error}")
        else:
            self._refusal = None
            self._follow(run)
            self.context.open.runs_changed()
        self._show_run()
        self.show_head()
