"""A small process beside one that waits within TensorFlow for the other machines.

TensorFlow lets no other thread of Python run while it waits there, for an hour if need be; so nobody within could
notice that a machine is gone. This one sees the same connections close, says so, and ends the process that waits.

    python -m weftwork.runtime.distribution.standby {"process": 1, "run": "…", "wires": {"3": "what its end means"}}
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..run_directory import RunDirectory, fail_unstarted

_LONGEST_S = 120
_CLOSED = getattr(select, "POLLRDHUP", 0) | getattr(select, "POLLHUP", 0) | getattr(select, "POLLERR", 0)


@contextmanager
def ended_if_lost(wires: Mapping[int, str], run: Path | None = None) -> Iterator[None]:
    """In it this process may wait for others: it is ended when one of the connections `wires` (by file descriptor)
    closes, or after two minutes; the sentence is printed, and kept as the end of `run`, which has not begun."""
    if not hasattr(select, "POLLRDHUP"):
        yield  # Not on Linux.
        return
    told = {"process": os.getpid(), "run": str(run or ""), "wires": {str(fd): why for fd, why in wires.items()}}
    command = [sys.executable, "-m", __name__, json.dumps(told)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=tuple(wires)) as beside:
        assert beside.stdin is not None
        assert beside.stdout is not None
        beside.stdout.readline()  # It watches.
        try:
            yield
        finally:
            beside.stdin.close()


def watch(process: int, run: str, wires: Mapping[str, str]) -> None:
    """Until standard input closes: then the process waits no more."""
    poll = select.poll()
    poll.register(0, select.POLLIN | _CLOSED)
    for wire in wires:
        poll.register(int(wire), _CLOSED)
    print("watching", flush=True)
    found = [fd for fd, _ in poll.poll(_LONGEST_S * 1000)]
    if 0 in found:
        return
    why = wires[str(found[0])] if found else f"TensorFlow has not met all machines within {_LONGEST_S} s."
    if run:
        fail_unstarted(RunDirectory(Path(run)), why)
    print(why, file=sys.stderr, flush=True)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    asked: dict[str, Any] = json.loads(sys.argv[1])
    watch(asked["process"], asked["run"], asked["wires"])
