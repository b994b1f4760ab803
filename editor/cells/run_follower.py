"""Follows a run from its files: what is new since the last look. Knows no Panel; a follower can come at any time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...runtime.run_directory import RunDirectory
from ...runtime.run_state import read_state

GOING = frozenset({"queued", "building", "running", "paused"})


@dataclass(slots=True)
class Progress:
    """How far a run is, as its files say. Numbers are 0 and `seconds_left` None while unknown."""

    state: str = "queued"
    message: str = ""
    step: int = 0
    steps: int = 0
    epoch: int = 0
    epochs: int = 0
    seconds: float = 0.0
    seconds_left: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    # On which devices, and by which backend, where that was chosen.
    placement: str = ""
    # What it computes in, where that was asked for or measured.
    speed: str = ""
    speed_was_measured: bool = False

    @property
    def going(self) -> bool:
        return self.state in GOING

    @property
    def share(self) -> float:
        """How much of the run is done, 0 to 1."""
        if self.state == "finished":
            return 1.0
        return min(self.step / self.steps, 1.0) if self.steps else 0.0


@dataclass(slots=True)
class News:
    """`again` says that the run began again at an earlier step and `rows` are all there are."""

    rows: np.ndarray | None = None
    again: bool = False
    epochs: bool = False


class RunFollower:
    """`columns` is empty until the network is built."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.columns: list[str] = []
        self.progress = Progress()
        self.epochs: dict[int, dict[str, Any]] = {}
        self._rows = 0
        self._step = 0
        self._offset = 0

    def look(self) -> News:
        """Reads what has been written since; cheap enough for ten times a second."""
        info, state = read_state(self.run.info)
        news = News()
        self._read_events(news)
        if not self.columns:
            self.columns = list(info.get("columns") or [])
        if self.columns:
            self._read_rows(news)
        progress = self.progress
        if state != progress.state or state == "queued":
            progress.state = state
            progress.message = self.run.message()
        progress.step = max(self._step, int(info.get("step") or 0)) if not news.again else self._step
        told = info.get("speed") or {}
        progress.speed, progress.speed_was_measured = str(told.get("words") or ""), bool(told.get("measured"))
        progress.placement = str(info.get("placement_words") or "")
        progress.seconds = max(float(info.get("seconds") or 0.0), progress.seconds)
        return news

    def _read_rows(self, news: News) -> None:
        # A run that was taken up again has its rows cut to the checkpoint; the file is then shorter than it was.
        rows = self.run.metrics(max(self._rows - 1, 0))
        if self._rows and (not len(rows) or int(rows[0, 0]) != self._step):
            news.again = True
            self._rows, rows = 0, self.run.metrics(0)
        elif self._rows:
            rows = rows[1:]
        if len(rows):
            news.rows = rows
            self._rows += len(rows)
            self._step = int(rows[-1, 0])
        elif news.again:
            self._step = 0

    def _read_events(self, news: News) -> None:
        events, self._offset = self.run.events(self._offset)
        progress = self.progress
        for event in events:
            kind = event.get("event")
            if kind in ("progress", "epoch"):
                for name in ("step", "steps", "epoch", "epochs", "seconds", "seconds_left"):
                    if name in event:
                        setattr(progress, name, event[name])
            if kind == "epoch":
                self.epochs[int(event["epoch"])] = event
                progress.metrics = dict(event.get("metrics") or {})
                news.epochs = True
            elif kind == "resumed":
                done = int(event.get("epochs_done", 0))
                self.epochs = {epoch: kept for epoch, kept in self.epochs.items() if epoch <= done}
                news.epochs = True
            if not progress.steps and progress.epoch and progress.epochs and progress.step:
                progress.steps = progress.step // progress.epoch * progress.epochs
