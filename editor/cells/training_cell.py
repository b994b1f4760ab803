"""Training: settings, Run, and the run as it goes on."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.problems import Problem
from ...runtime.run_directory import RunDirectory
from ...runtime.trained_runs import runs_of
from ..pages.markup import h
from ..pages.markup_view import Markup
from .cell_view import CellState, CellView
from .new_runs import NewRuns
from .problem_rows import problem_rows
from .run_follower import RunFollower
from .run_hand import RunHand
from .run_list import run_list
from .run_panel import controls, notice, progress_bar, speed_line
from .run_plots import RunPlots
from .run_start import RunStart
from .training_form import TrainingForm
from .training_state import training_state


class TrainingCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.follower: RunFollower | None = None
        self.runs: list[RunDirectory] = []
        self._new_runs = NewRuns(self.context.folder)
        self.start = RunStart(self, self._show_start, self._began)
        self._newest = self._fitting = ""
        self._form = TrainingForm(self.context, self.cell)
        self.body = Markup(on_message=self._heard_body)
        self.panel = Markup(on_message=self._heard_body)
        self.hand = RunHand(self.context, lambda: self.cell.name, lambda run: self.start.started(run, None))
        self.plots = RunPlots(self.context, lambda: self.cell, lambda: self.runs)
        self.list = Markup(on_message=self._heard_body)
        return [self.body, self._form.curve, self.panel, self.hand.view, *self.plots.parts, self.list]

    def refresh(self) -> None:
        super().refresh()
        self.plots.name()
        self._find_runs()
        self._show()

    def problems(self) -> list[Problem]:
        """With what this machine offers."""
        last = self.follower.run.info() if self.follower and self.follower.progress.state == "failed" else {}
        return [*super().problems(), *self._form.offers(last)]

    def tick(self) -> None:
        self.start.look()
        self._form.ask_for_devices(self._show)
        if self._new_runs.look():
            self._find_runs()
            self._show()
            self.show_head()
        if self.follower is not None and self.follower.progress.going:
            self._look()
        self.plots.tick()

    def close(self) -> None:
        self.plots.close()

    def turn(self, theme: str) -> None:
        self._form.turn(theme)
        self.plots.turn(theme)

    def state(self) -> CellState | None:
        return training_state(self.context, self.cell, self.follower, self.start.pending)

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
        # What a trial of speed found stands among the settings as soon as it is known.
        if self._trial() != self._form.trial:
            self._show()
        else:
            self._show_run()
        if before != follower.progress.state:
            self.show_head()
            if before in ("running", "paused", "building") and not follower.progress.going:
                self.context.open.runs_changed()

    def _show(self) -> None:
        """Everything but the plots."""
        self._form.cell = self.cell
        self._form.trial = self._trial()
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

    def _trial(self) -> str:
        """What the trial of speed of the run that is shown has found."""
        progress = self.follower.progress if self.follower else None
        return progress.speed if progress and progress.speed_was_measured else ""

    def _show_run(self) -> None:
        """What changes while a run goes on."""
        progress = self.follower.progress if self.follower else None
        self.panel.show(
            h(
                "div",
                controls(self.cell.name, progress, pending=bool(self.start.pending)),
                notice(self.start.pending or self._loading(), self.start.refusal),
                progress_bar(progress) if progress else None,
                speed_line(progress) if progress else None,
                class_="body stack",
            )
        )
        self.hand.show(self.follower.run if self.follower else None, progress)

    def _loading(self) -> str:
        """Why a run that was asked for has not begun."""
        queued = self.follower is not None and self.follower.progress.state == "queued"
        return self.start.loading() if queued else ""

    def _show_start(self) -> None:
        self._show_run()
        self.show_head()

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
                self.start.resume(follower.run)
            case "look-at":
                for run in self.runs:
                    if run.id == message.get("value"):
                        self._follow(run)
                        self.show_head()
            case "fix":
                self.fixes.press(message)
            case _:
                if self._form.heard(message):
                    self._show()

    def _run(self, *, another: bool = False) -> None:
        """Starts a run; `another` while one is going on waits for its turn in the queue."""
        if not self.start.pending and (another or not (self.follower and self.follower.progress.going)):
            self.start.begin()

    def _began(self, run: RunDirectory) -> None:
        self._follow(run)
        self.context.open.runs_changed()
