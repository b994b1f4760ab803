"""A person edits and trains while parts of the editor are killed, in an order that a seed decides."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.editor.running_server import PATIENCE_S, RunningServer
from tests.editor.small_notebook import small_notebook, write_small_notebook
from weftwork.compiler.document import TrainingCell
from weftwork.compiler.document_file import read_notebook_file, write_notebook
from weftwork.runtime.run_directory import RunDirectory, list_runs

from .drawing_tab import DrawingTab
from .wire import LineGone, objects

EPOCHS = 60


def until(holds: Callable[[], Any], what: str | Callable[[], str]) -> Any:
    end = time.monotonic() + PATIENCE_S
    while not (value := holds()):
        assert time.monotonic() < end, what if isinstance(what, str) else what()
        time.sleep(0.02)
    return value


def html_of(markup: dict[str, Any]) -> str:
    """What a piece of the page shows."""
    return "".join(found["attributes"].get("html", "") for found in objects(markup))


@dataclass
class Table:
    """What the suite tells of itself."""

    kills: Counter[str] = field(default_factory=Counter)
    edits: int = 0
    lost: int = 0
    resumed: int = 0
    finished: int = 0

    def row(self, name: str) -> str:
        each = ", ".join(f"{count} {part}" for part, count in sorted(self.kills.items()))
        return (
            f"| {name} | {sum(self.kills.values())} ({each}) | {self.edits} | {self.lost} | {self.resumed} "
            f"| {self.finished} |"
        )


class Scenario:
    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        (folder / "folder").mkdir(parents=True)
        self.path = write_small_notebook(folder / "folder")
        longer = small_notebook()
        fit = longer.cell("fit")
        assert isinstance(fit, TrainingCell)
        self.path.write_text(write_notebook(longer.with_cell(fit.model_copy(update={"epochs": EPOCHS}))))
        self.server = RunningServer(folder / "folder", folder / "state")
        self.table = Table()
        self.run: RunDirectory | None = None
        self.start_server()
        self.tab = DrawingTab(self.server, self.path.name, "net", "tab_a")
        self.tab.load()

    def start_server(self) -> None:
        self.server.start()
        self.server.let_in()

    def part(self, name: str) -> dict[str, Any]:
        """A part of the running server, as it has noted it down; {} before it has."""
        note = self.path.parent / ".weftwork" / "servers" / f"{self.server.process.pid}.json"
        try:
            parts = json.loads(note.read_bytes())["parts"]
        except (OSError, ValueError):
            return {}
        return next((part for part in parts if part["name"] == name), {})

    def up(self, name: str, but: int = 0) -> int:
        """Waits for a part to be up, in another process than `but`; its pid."""

        def pid() -> int:
            part = self.part(name)
            return part["pid"] if part.get("state") == "up" and part["pid"] not in (0, but) else 0

        return until(pid, f"{name} did not come up: {self.part(name)}")

    def kill(self, part: str) -> None:
        getattr(self, f"kill_{part}")()
        self.table.kills[part] += 1

    def edit(self, count: int) -> None:
        for _ in range(count):
            self.tab.edit(self.dice)

    def kill_server(self) -> None:
        """In the middle of a burst of edits, some of which are acknowledged and some on their way."""
        self.edit(self.dice.randrange(1, 12))
        for _ in range(self.dice.randrange(4)):
            if self.tab.waiting:
                self.tab.hear()
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.communicate()
        self.edit(self.dice.randrange(4))
        try:
            self.tab.quiet()
        except LineGone:
            self.tab.online = False
        self.start_server()
        self.tab.load()
        self.tab.quiet()

    def _kill_part(self, name: str) -> None:
        pid = self.up(name)
        self.edit(self.dice.randrange(1, 6))
        os.kill(pid, signal.SIGKILL)
        self.edit(self.dice.randrange(1, 6))
        self.tab.quiet()
        self.up(name, but=pid)

    def kill_host(self) -> None:
        self._kill_part("TensorFlow")

    def kill_shapes(self) -> None:
        self._kill_part("Shape service")

    def kill_run(self) -> None:
        """At any moment between its first step and its end; then it is resumed as a person would."""
        run = self.running()
        started = len(run.metrics())
        step = self.dice.randrange(started + 1, started + 60)
        until(lambda: len(run.metrics()) >= step or run.state() != "running", "the run does not get on")
        if run.state() != "running":
            self.run = None  # it was quicker
            return self.kill_run()
        pid = int(run.info()["pid"])
        os.kill(pid, signal.SIGKILL)
        until(lambda: run.state() == "lost", f"the killed run is {run.state()}")
        self.edit(2)
        self.tab.quiet()
        self.press("resume")
        until(lambda: run.state() in ("running", "finished"), f"the run was not resumed: {run.state()} {run.message()}")
        self.table.resumed += 1
        return None

    def running(self) -> RunDirectory:
        """The run that is under way; started, as a person would, where there is none."""
        if self.run is None or self.run.state() != "running":
            self.finish()
            before = {run.id for run in list_runs(self.path.parent)}
            self.up("TensorFlow")
            self.press("run")
            self.run = until(
                lambda: next((run for run in list_runs(self.path.parent) if run.id not in before), None),
                lambda: f"no run began: {self.said()}",
            )
            assert self.run is not None
            run = self.run
            until(lambda: run.state() in ("running", "finished"), f"the run is {run.state()}: {run.message()}")
        return self.run

    def press(self, action: str) -> None:
        """Presses a button of the training cell; what a restarted server lost of the page is loaded anew."""

        def pressable(markup: dict[str, Any]) -> bool:
            button = re.search(f'<button[^>]*data-testid="{action}:fit"[^>]*>', html_of(markup))
            return button is not None and 'aria-disabled="true"' not in button[0]

        def button() -> Any:
            assert self.tab.wire is not None
            return next(filter(pressable, self.tab.wire.components("Markup")), None)

        component = until(button, lambda: f"there is no button {action}: {self.said()}")
        assert self.tab.wire is not None
        self.tab.wire.say(component["id"], {"action": action, "value": None})

    def said(self) -> str:
        """What the page says, for a failure's message."""
        assert self.tab.wire is not None
        texts = [re.sub(r"<[^>]+>", " ", html_of(markup)) for markup in self.tab.wire.components("Markup")]
        return " | ".join(" ".join(text.split()) for text in texts if text.strip())

    def finish(self) -> None:
        """Waits for the run's end: it has every step once, in order."""
        if self.run is None:
            return
        run, self.run = self.run, None
        state = run.wait(timeout=PATIENCE_S)
        assert state == "finished", f"{state}: {run.message()}"
        steps = [int(row[0]) for row in run.metrics()]
        assert steps == list(range(1, len(steps) + 1))
        assert len(steps) == EPOCHS * 6
        self.table.finished += 1

    def end(self) -> Table:
        """Everything that was done is in the file, once; the file opens without a problem."""
        self.tab.quiet()
        self.finish()
        code, output = self.server.stop()
        assert code == 0, output
        self.tab.leave()
        notebook, problems = read_notebook_file(self.path)
        assert [problem for problem in problems if problem.severity == "error"] == []
        network: Any = notebook.cell("classifier")
        own = {id_: node.label for id_, node in network.nodes.items() if id_.startswith(self.tab.tab)}
        assert own == self.tab.expected
        journal = self.path.parent / ".weftwork" / "journal" / f"{self.path.name}.jsonl"
        done = [(e["sender"], e["sequence"]) for e in map(json.loads, journal.read_text().splitlines()) if "act" in e]
        assert len(done) == len(set(done)), "an edit was applied twice"
        self.table.edits = self.tab.made
        self.table.lost = len(set(self.tab.acknowledged.items()) - set(own.items()))
        assert self.table.lost == 0
        return self.table

    def close(self) -> None:
        self.tab.leave()
        if self.server.process.poll() is None:
            self.server.process.kill()
            self.server.process.communicate()
        for run in list_runs(self.path.parent):
            if run.state() in ("building", "running"):
                os.kill(int(run.info()["pid"]), signal.SIGKILL)
