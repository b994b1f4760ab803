"""Children of the host: forked where TensorFlow survives it, which is on Linux, else started afresh."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..compiler.backends_here import INSTALL_JAX, has_jax
from ..compiler.device_options import JAX
from .distribution.backend_process import environment_for
from .link import Link, linked_pair, open_link, spawn_linked
from .run_state import read_info

FORKS = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Child:
    """A process and our end of its link, which is closed for a run, since its files say everything."""

    pid: int
    link: Link

    def kill(self) -> None:
        """Ends the child and whatever it has started."""
        self.link.close()
        try:
            if os.name == "nt":
                os.kill(self.pid, signal.SIGTERM)
            else:
                os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # It has ended by itself.


def start_child(kind: str, path: str = "", *, closing: Iterable[Link] = ()) -> Child:
    """Starts a `run` (of the directory `path`), a `spare` that waits for one (`path` is how many threads it has), a
    `task` or the `shapes` service, each a session of its own. A run by another backend than this
    process' is started afresh.

    `closing` are links of ours that a fork must not hold open. Raises OSError.
    """
    environment = environment_for(read_info(Path(path) / "run.json")) if kind == "run" else {}
    if environment or not FORKS:
        process, link = spawn_child(kind, path, environment)
        return Child(process.pid, link)
    ours, theirs = linked_pair()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _be_child(kind, path, theirs, [ours, *closing])
    theirs.close()
    if kind == "run":
        ours.close()
    return Child(pid, ours)


def spawn_child(kind: str, path: str, environment: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], Link]:
    """Starts a child afresh with `environment` besides ours; what it says goes into the log of its run. Raises
    OSError."""
    if environment.get("KERAS_BACKEND") == JAX and not has_jax():
        # It would end at its first import, and nobody would say why.
        raise OSError(f"JAX is not installed here: {INSTALL_JAX}")
    log = open(Path(path) / "log.txt", "ab") if path else None  # noqa: SIM115 (the child keeps it)
    return spawn_linked("weftwork.runtime.child_process", kind, path, log=log, environment=environment)


def _be_child(kind: str, path: str, link: Link, closing: list[Link]) -> None:
    """The forked child's whole life; never returns into the host's code."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in closing:
            other.close()
        if kind == "run":
            link.close()
            _redirect(Path(path) / "log.txt")
        code = _serve(kind, path, link)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Without the host's exit handlers, and without waiting for TensorFlow's threads.
        os._exit(code)


def _redirect(log: Path) -> None:
    # TensorFlow's C++ code writes to the descriptors themselves; setting sys.stdout would not catch it.
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _serve(kind: str, path: str, link: Link) -> int:
    if kind == "spare":
        from .spare import wait_for_run

        given = wait_for_run(link, int(path))
        if given is None:
            return 0
        _redirect(Path(given) / "log.txt")
        kind, path = "run", given
    if kind in ("run", "run-now"):
        from .trainer import run_trainer

        return run_trainer(path, at_once=kind == "run-now")
    if kind == "task":
        from .tasks import do_task

        return do_task(link)
    from .shape_service import serve_shapes

    return serve_shapes(link)


if __name__ == "__main__":
    sys.exit(_serve(sys.argv[1], sys.argv[2], open_link()))
