"""How the parts of the editor are: this server, TensorFlow's process, the shape service, the runs.

The server writes it down beside the notebooks, so that `weftwork doctor` can say the same from another process.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..runtime.atomic_file import write_json_atomically
from ..runtime.part import HOST, RUNS, SERVER, SHAPES, Part
from ..runtime.process_identity import is_running, this_process
from ..runtime.seen_runs import SeenRuns

POLL_S = 1.0
FIRST_LOOK_S = 3.0  # the first page comes first

REMEDIES = {
    SERVER: "Start it again in this folder: weftwork",
    HOST: "Press “Start again” in the editor, or close and start weftwork again. If it keeps ending, look at memory "
    "below: TensorFlow needs half a GB in each process.",
    SHAPES: "It comes back with TensorFlow.",
    RUNS: "Resume them in the editor, or with: weftwork train FILE --resume RUN",
}


def parts_here(host: Any, runs: SeenRuns) -> tuple[Part, ...]:
    """The parts as the server sees them."""
    server = Part(SERVER, "up", pid=os.getpid())
    return tuple(map(_with_remedy, (server, *host.parts(), part_of_runs(runs))))


def part_of_runs(runs: SeenRuns) -> Part:
    """The runs of a folder: up, unless some were lost and not taken up again."""
    states = runs.states()
    counts = Counter(states.values())
    words = [f"{count} {state}" for state, count in counts.items() if state not in ("finished", "stopped")]
    if lost := [run for run, state in states.items() if state == "lost"]:
        return _with_remedy(Part(RUNS, "gone", f"{', '.join(words)}: {', '.join(lost[:3])}"))
    return Part(RUNS, "up", ", ".join(words) or "None is under way.")


def _with_remedy(part: Part) -> Part:
    if part.state != "gone" or part.remedy:
        return part
    return Part(part.name, part.state, part.why, part.pid, REMEDIES.get(part.name, ""))


def _record(folder: Path, pid: int) -> Path:
    return folder / ".weftwork" / "servers" / f"{pid}.json"


def write_down(folder: Path, parts: tuple[Part, ...], port: int) -> None:
    """Leaves a note of this server and its parts. A folder that cannot be written has none."""
    pid, started = this_process()
    path = _record(folder, pid)
    note = {"pid": pid, "started": started, "port": port, "parts": [asdict(part) for part in parts]}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json_atomically(path, note)


def take_down(folder: Path) -> None:
    """This server says goodbye."""
    with suppress(OSError):
        _record(folder, os.getpid()).unlink(missing_ok=True)


class PartsWatch:
    """Knows the parts of this server as of a moment ago, in `now`, and keeps its note up to date, until `close`."""

    def __init__(self, host: Any, folder: Path, port: int) -> None:
        self._host, self._folder, self._port = host, folder, port
        self._closed = threading.Event()
        self._runs = SeenRuns(folder)
        self._written: tuple[Part, ...] = ()
        self.now = (Part(SERVER, "up", pid=os.getpid()), *host.parts())
        threading.Thread(target=self._run, name="parts", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        take_down(self._folder)

    def _run(self) -> None:
        patience = FIRST_LOOK_S
        while not self._closed.wait(patience):
            patience = POLL_S
            self.look()

    def look(self) -> None:
        """One look."""
        self.now = parts_here(self._host, self._runs)
        if self.now != self._written and not self._closed.is_set():
            write_down(self._folder, self.now, self._port)
            self._written = self.now


def parts_elsewhere(folder: Path) -> tuple[Part, ...]:
    """The parts of the servers of a folder, as another process sees them; the notes of ended ones are cleared away."""
    found: list[Part] = []
    for path in sorted((folder / ".weftwork" / "servers").glob("*.json")):
        try:
            note = json.loads(path.read_bytes())
            running = is_running(int(note["pid"]), str(note["started"]))
            parts = [Part(**part) for part in note["parts"] if part["name"] != RUNS]
            where = f"http://127.0.0.1:{note['port']}"
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if running:
            found += [Part(SERVER, "up", where, part.pid) if part.name == SERVER else part for part in parts]
        else:
            found.append(_with_remedy(Part(SERVER, "gone", f"Process {note['pid']} ended without a goodbye.")))
            with suppress(OSError):
                path.unlink()
    if not any(part.name == SERVER for part in found):
        found.append(Part(SERVER, "up", "(none runs in this folder now)"))
    return (*found, part_of_runs(SeenRuns(folder)))
