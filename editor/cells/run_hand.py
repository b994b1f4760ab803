"""A run in the user's hand: single steps, settings changed on the way, a checkpoint to keep, a fork from one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ...runtime.begin_from import Change, fork_run
from ...runtime.kept_checkpoints import KeptCheckpoint, kept_checkpoints, pin_checkpoint
from ...runtime.run_directory import RunDirectory, RunRefused
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from ..settings_form import Setting
from .context import Context
from .run_follower import Progress
from .run_hand_view import answer_line, checkpoint_words, fork_form, live_form, step_buttons
from .settings import Settings

# How often checkpoints are looked for; the run itself is followed more closely.
_LOOK_S = 1.0
_OPEN = ("running", "paused")
_RESUMABLE = ("stopped", "diverged", "failed", "lost")


class RunHand:
    """Stands below the buttons of a training cell. `forked(run)` takes a run that was made and started here."""

    def __init__(self, context: Context, name: Callable[[], str], forked: Callable[[RunDirectory], None]) -> None:
        self.view = Markup(on_message=self.heard)
        self._context, self._name, self._forked = context, name, forked
        self._run: RunDirectory | None = None
        self._progress: Progress | None = None
        self._live = Settings(self._live_settings, self._set)
        # What was asked of a run that has no process to answer: it is done when the run goes on.
        self._asked: dict[tuple[str, str], float] = {}
        self._refusal = ""
        self._fork = Settings(self._fork_settings, self._choose)
        self._chosen: dict[str, Any] = {}
        self._epochs = 0
        self._kept: list[KeptCheckpoint] = []
        self._looked = 0.0

    def show(self, run: RunDirectory | None, progress: Progress | None) -> None:
        """Shows what can be done with the run now."""
        if run is None or self._run is None or run.id != self._run.id:
            self._refusal, self._looked, self._chosen = "", 0.0, {}
        self._run, self._progress = run, progress
        if run is not None and time.monotonic() - self._looked > _LOOK_S:
            self._looked = time.monotonic()
            self._kept = kept_checkpoints(run.path)
        self.view.show(self._html())

    def _html(self) -> Html:
        run, progress = self._run, self._progress
        if run is None or progress is None:
            return Html("")
        info, cell = run.info(), self._name()
        parts, groups = [], []
        if progress.state in _OPEN:
            parts.append(step_buttons(cell, paused=progress.state == "paused"))
            parts.append(answer_line(info.get("answer")))
        if progress.state in (*_OPEN, *_RESUMABLE) and info.get("live"):
            heading = "Change while it trains" if progress.state in _OPEN else "Go on with"
            groups.append(live_form(heading, self._live.html(cell), len(self._live_settings())))
        if self._kept and progress.state not in ("queued", "building"):
            epochs = int(info.get("epochs") or 0)
            ended = self._kept[0].step >= epochs * int(info.get("steps_per_epoch") or 0)
            self._epochs = 2 * epochs if ended else epochs
            form, chosen = self._fork.html(f"the fork of {cell}"), self._chosen_checkpoint()
            groups.append(fork_form(cell, form, len(self._kept), self._refusal, can_keep=not chosen.pinned))
        if groups:
            parts.append(h("div", groups, class_="groups", data_key="groups"))
        return h("div", parts, class_="body stack") if parts else Html("")

    def heard(self, message: dict[str, Any]) -> None:
        run = self._run
        if run is None:
            return
        match message.get("action"):
            case "step-batch":
                run.step("batch")
            case "step-epoch":
                run.step("epoch")
            case "keep":
                run.command("checkpoint", "pin")
            case "keep-chosen":
                self._keep_chosen(run)
            case "fork":
                self._start_fork(run)
            case _:
                if self._live.heard(message) or self._fork.heard(message):
                    self.view.show(self._html())

    def _live_settings(self) -> list[Setting]:
        run = self._run
        live = (run.info().get("live") or []) if run is not None else []
        return [self._setting(run.id if run else "", entry) for entry in live]

    def _setting(self, run: str, entry: dict[str, Any]) -> Setting:
        name = f"live:{entry['of']}:{entry['parameter']}"
        share = entry.get("most") == 1.0
        return Setting(
            name,
            _label(entry["of"], entry["parameter"]),
            "float",
            self._asked.get((run, name), entry["value"]),
            minimum=entry.get("least"),
            below=1.0 if share else None,
            placeholder="none",
        )

    def _set(self, name: str, value: Any) -> None:
        if self._run is None:
            return
        _, of, parameter = name.split(":", 2)
        self._run.set(of, parameter, value)
        if self._progress is not None and self._progress.state in _RESUMABLE:
            self._asked[self._run.id, name] = value

    def _fork_settings(self) -> list[Setting]:
        kept = [(str(one.step), checkpoint_words(one)) for one in self._kept]
        step = self._chosen.get("fork:step", "")
        chosen = step if any(step == value for value, _ in kept) else ""
        return [
            Setting("fork:step", "Checkpoint", "choice", chosen, choices=[("", "the newest"), *kept]),
            Setting("fork:epochs", "Epochs in all", "int", self._chosen.get("fork:epochs", self._epochs), minimum=1),
            Setting(
                "fork:rate",
                "Learning rate",
                "float",
                self._chosen.get("fork:rate"),
                minimum=0,
                optional=True,
                placeholder="as it was",
            ),
        ]

    def _choose(self, name: str, value: Any) -> None:
        self._chosen[name] = value

    def _chosen_checkpoint(self) -> KeptCheckpoint:
        step = self._chosen.get("fork:step", "")
        return next((one for one in self._kept if str(one.step) == step), self._kept[0])

    def _keep_chosen(self, run: RunDirectory) -> None:
        try:
            pin_checkpoint(run.path, self._chosen_checkpoint().step)
            self._refusal = ""
        except (OSError, RunRefused) as error:
            # The run may have made place for newer ones since they were listed.
            self._refusal = f"It could not be kept: {error}"
        self._kept = kept_checkpoints(run.path)
        self.view.show(self._html())

    def _start_fork(self, run: RunDirectory) -> None:
        step, epochs, rate = (setting.value for setting in self._fork_settings())
        changes: list[Change] = [] if rate is None else [("optimizer", "learning_rate", rate)]
        host = self._context.host
        if host is None:
            self._refuse("This server was started without TensorFlow and cannot train.")
            return

        def start() -> RunDirectory:
            fork = fork_run(run, int(step) if step else None, options={"epochs": epochs}, changes=changes)
            host.start_run(fork)
            return fork

        def started(fork: RunDirectory | None, error: Exception | None) -> None:
            if fork is not None:
                self._forked(fork)
            else:
                self._refuse(str(error) if isinstance(error, RunRefused) else f"The run could not be forked: {error}")

        self._context.background(start, started)

    def _refuse(self, reason: str) -> None:
        self._refusal = reason
        self.view.show(self._html())


def _label(of: str, parameter: str) -> str:
    name = parameter.replace("_", " ")
    return name.capitalize() if of == "optimizer" else f"{of}: {name}"
