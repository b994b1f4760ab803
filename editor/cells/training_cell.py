"""Training: settings, Run, and the run as it goes on."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.problems import Problem
from ...runtime.run_directory import RunDirectory, create_run
from ...runtime.trained_runs import is_fresh, runs_of, why_stale
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .cell_head import reasons
from .cell_view import CellState, CellView
from .problem_rows import accept_fix, problem_rows
from .run_follower import RunFollower
from .run_hand import RunHand
from .run_list import run_list
from .run_panel import controls, notice, progress_bar
from .run_plots import RunPlots
from .run_words import TONES
from .training_form import TrainingForm


class TrainingCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.follower: RunFollower | None = None
        self.runs: list[RunDirectory] = []
        self._pending = ""
        self._refusal: Problem | None = None
        self._newest = self._fitting = ""
        self._form = TrainingForm(self.context, self.cell)
        self._speeds: dict[str, str] = {}
        self.body = Markup(on_message=self._heard_body)
        self.panel = Markup(on_message=self._heard_body)
        self.hand = RunHand(self.context, lambda: self.cell.name, lambda run: self._started(run, None))
        self.plots = RunPlots(self.context, lambda: self.cell, lambda: self.runs)
        self.list = Markup(on_message=self._heard_body)
        return [self.body, self._form.curve, self.panel, self.hand.view, *self.plots.parts, self.list]

    def refresh(self) -> None:
        super().refresh()
        self.plots.name()
        self._find_runs()
        self._show()

    def tick(self) -> None:
        if self._pending:
            self._show_waiting()
        if self.follower is not None and self.follower.progress.going:
            self._look()
        self.plots.tick()

    def close(self) -> None:
        self.plots.close()

    def turn(self, theme: str) -> None:
        self._form.turn(theme)
        self.plots.turn(theme)

    def state(self) -> CellState | None:
        if self._pending:
            return CellState("starting", "info", busy=True)
        if self.follower is None:
            return CellState("not run yet")
        state = self.follower.progress.state
        if self.follower.progress.going:
            return CellState(state, TONES.get(state, ""), busy=state != "paused")
        if state == "finished":
            known = self.context.open.notebook, self.cell
            fingerprints = self.context.work.around().fingerprints
            if is_fresh(self.follower.run, *known, fingerprints):
                return CellState("fresh", "ok", why="Trained as it stands here.")
            why = why_stale(self.follower.run, *known, self.cell.name, fingerprints)
            return CellState("stale", "warning", why=reasons(why))
        return CellState(state, TONES.get(state, ""))

    def _find_runs(self) -> None:
        """The runs of this cell, newest first; one that is going, or else the newest, is followed."""
        self.runs = runs_of(self.context.folder, self.context.open.path.name, self.cell)
        newest = self.runs[0] if self.runs else None
        if newest and newest.id > self._newest:
            self._newest = newest.id
            self._follow(newest)
        # Settings of an earlier run, brought back, show that run again.
        standing = self.context.standing(self.cell.name)
        fitting = standing.run if standing.state == "fresh" else None
        going = self.follower is not None and self.follower.progress.going
        if fitting and fitting.id != self._fitting and not going and self.follower and self.follower.run != fitting:
            self._follow(fitting)
        self._fitting = fitting.id if fitting else ""

    def run(self) -> None:
        self._run()

    def _follow(self, run: RunDirectory) -> None:
        self.follower = RunFollower(run)
        self.plots.follow(self.follower)
        self._look()

    def _look(self) -> None:
        """Draws what the run has written since."""
        follower = self.follower
        if follower is None:
            return
        before = follower.progress.state
        news = follower.look()
        self.plots.take(news)
        self._show_run()
        if before != follower.progress.state:
            self.show_head()
            if before in ("running", "paused", "building") and not follower.progress.going:
                self.context.open.runs_changed()

    def _blocking(self) -> list[Problem]:
        """Errors of this cell and of the cells that it uses."""
        used = {self.cell.name, self.cell.network, self.cell.data}
        return [
            problem for problem in self.context.open.problems if problem.severity == "error" and problem.at.cell in used
        ]

    def _show(self) -> None:
        """Everything but the plots."""
        self._form.cell = self.cell
        speed = (self.follower.run.info().get("speed") or {}) if self.follower else {}
        self._form.trial = str(speed.get("words") or "") if speed.get("measured") else ""
        self.body.show(
            h(
                "div",
                problem_rows(self.problems(), of=self.cell.name),
                self._form.html(),
                class_="body stack",
            )
        )
        self.plots.refresh()
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
        self.hand.show(self.follower.run if self.follower else None, progress)

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
            case "run" | "run-another":
                self._run(another=message["action"] == "run-another")
            case "cancel":
                for run in self.runs:
                    if run.id == message.get("value"):
                        run.stop()
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

    def _run(self, *, another: bool = False) -> None:
        """Starts a run; `another` while one is going on waits for its turn in the queue."""
        if self._pending or (self.follower and self.follower.progress.going and not another):
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
