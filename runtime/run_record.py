"""The trainer's pen: the only writer of a run's run.json, events.jsonl and metrics.bin.

A thread of its own keeps the heartbeat, and ends the process when stop is pressed while the network is still being
built, since nothing there could look at the control byte.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from .atomic_file import write_json_atomically
from .control import STOP, ControlByte
from .events import append_line
from .metrics_file import MetricsWriter, cut_metrics
from .process_identity import this_process
from .run_directory import ENDED, RunDirectory

_HEARTBEAT_S = 1.0
_LOOK_S = 0.05

# Kept free so that a run that meets a full disk can still say so.
_RESERVE_BYTES = 64 * 1024


class RunRecord:
    """Writes one run. `listener` is called with each event, in this process."""

    def __init__(self, run: RunDirectory, listener: Callable[[dict[str, Any]], None] | None = None) -> None:
        self.run = run
        self.path: Path = run.path
        self.control = ControlByte(run.path / "control")
        self._listener = listener
        self._info = run.info()
        self._lock = threading.RLock()
        self._metrics: MetricsWriter | None = None
        self._over = threading.Event()
        # What a stop while building does; None as soon as the training loop looks itself.
        self._stop_while_building: Callable[[], None] | None = None

    def begin(self, *, on_stop: Callable[[], None], state: str = "building", message: str = "") -> None:
        """Takes the run over: state building or queued, this process' pid. `on_stop` is called, in the thread that
        keeps the heartbeat, when stop is pressed before `built`."""
        pid, start = this_process()
        (self.path / ".reserve").write_bytes(bytes(_RESERVE_BYTES))
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._info.setdefault("started", now)
        self._info.pop("ended", None)
        self.set_state(state, message, pid=pid, process_start=start, machine=platform.node())
        self._stop_while_building = on_stop
        threading.Thread(target=self._keep_heartbeat, daemon=True).start()

    def built(self) -> None:
        """From here on the training loop looks at the control byte."""
        with self._lock:
            self._stop_while_building = None

    @property
    def info(self) -> dict[str, Any]:
        """What run.json says or will say."""
        return self._info

    def update(self, *, write: bool = True, **fields: Any) -> None:
        """Sets fields of run.json. Without `write` they go out with the next heartbeat."""
        with self._lock:
            self._info.update(fields)
            if write:
                self._write()

    def set_state(self, state: str, message: str = "", **fields: Any) -> None:
        """Writes the state and tells it as an event."""
        with self._lock:
            self._info.update(fields, state=state, message=message)
            if state in ENDED:
                self._info["ended"] = datetime.now(UTC).isoformat(timespec="milliseconds")
            # The event first: who sees the state in run.json finds its event too.
            try:
                self.event("state", state=state, message=message)
            finally:
                self._write(durable=True)

    def event(self, event: str, **fields: Any) -> None:
        """Adds a line to events.jsonl."""
        line = {"event": event, "time": round(time.time(), 3), **fields}
        append_line(self.path / "events.jsonl", line)
        if self._listener is not None:
            self._listener(line)

    def open_metrics(self, columns: list[str], step: int) -> float:
        """Makes metrics.bin ready for the row after `step`, and gives the seconds that the run had taken by then."""
        self.update(columns=columns)
        path = self.path / "metrics.bin"
        cut_metrics(path, len(columns), step)
        rows = self.run.metrics(max(step - 1, 0))
        self._metrics = MetricsWriter(path, len(columns))
        return float(rows[-1, 2]) if len(rows) else 0.0

    def rows(self, rows: np.ndarray) -> None:
        if self._metrics is not None:
            self._metrics.append(rows)

    def sync_metrics(self) -> None:
        if self._metrics is not None:
            self._metrics.sync()

    def end(self, state: str, message: str = "", **fields: Any) -> None:
        """Writes the end state. Where the disk is full it first gives back the space that was kept for this."""
        self._over.set()
        (self.path / ".reserve").unlink(missing_ok=True)
        self.set_state(state, message, **fields)
        if self._metrics is not None:
            self._metrics.close()
            self._metrics = None

    def _write(self, *, durable: bool = False) -> None:
        self._info["heartbeat"] = round(time.time(), 3)
        write_json_atomically(self.path / "run.json", self._info, durable=durable)

    def _keep_heartbeat(self) -> None:
        last = time.monotonic()
        while not self._over.wait(_LOOK_S):
            with self._lock:
                if self._over.is_set():
                    return
                if self._stop_while_building is not None and self.control.read() == STOP:
                    self._stop_while_building()
                    return
                if time.monotonic() - last >= _HEARTBEAT_S:
                    last = time.monotonic()
                    try:
                        self._write()
                    except OSError as error:
                        # The loop meets the same disk at its next row and ends the run with a message.
                        os.write(2, f"heartbeat: {error}\n".encode())
