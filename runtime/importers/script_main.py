"""Runs somebody's Python script, after consent, for the Keras models that it makes. A process of its own, with limits.

Nothing is trained: the first `fit` ends the script. Nothing is downloaded: there is no network, and the data sets of
`keras.datasets` are zeros of their shapes. What it writes goes into a folder that is thrown away.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .script_data import without_data
from .script_models import Collector, Enough

MEMORY_BYTES = 4 * 2**30
LARGEST_FILE = 2**30
CPU_SECONDS = 110
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET, with CLONE_NEWUSER so that nobody needs to be root
_NEW_USER = 0x10000000
# What a script needs no network, and no other program, for.
_REFUSED = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname")
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")


def run(script: Path, folder: Path) -> dict[str, Any]:
    """{"models": files in `folder` with a Keras model each, "said": what the user must know, "failed": why it broke
    off, "loaded": whether it gave one weights}. Changes this process for good."""
    from ..quiet_tensorflow import quiet_tensorflow

    quiet_tensorflow()
    import keras

    from ..tasks import _limit_memory

    collector = Collector(keras)
    _limit_memory(MEMORY_BYTES)
    _limit_files()
    text = script.read_text(encoding="utf-8-sig")
    sys.path.insert(0, str(script.parent))
    sys.argv = [str(script)]
    work = folder / "work"
    work.mkdir()
    os.chdir(work)
    said = []
    with without_data(keras):
        _without_network()
        failed = _run_text(text, script, collector, said)
    models = collector.models(said)
    return {"models": _saved(models, folder, said), "said": said, "failed": failed, "loaded": collector.loaded}


def _run_text(text: str, script: Path, collector: Collector, said: list[str]) -> str:
    """Runs the script; gives why it broke off, "" where it did not."""
    space: dict[str, Any] = {"__name__": "__main__", "__file__": str(script), "__builtins__": __builtins__}
    try:
        exec(compile(text, str(script), "exec", dont_inherit=True), space)
        if not collector.made:
            collector.call_builders(space)
    except Enough as enough:
        said.append(f"The script was ended where it would have begun to {enough}; nothing was trained.")
    except SystemExit:
        pass
    except BaseException as error:
        return _line(error, script)
    finally:
        collector.named = {name: value for name, value in space.items() if not name.startswith("_")}
    return ""


def _line(error: BaseException, script: Path) -> str:
    """The error in one line, with the line of the script in which it came up."""
    where = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(script)]
    if isinstance(error, SyntaxError) and error.lineno:
        where = [error.lineno]
    what = " ".join(str(error).split())[:200].rstrip(".")
    return f"{type(error).__name__} in line {where[-1]}: {what}" if where else f"{type(error).__name__}: {what}"


def _saved(models: list[tuple[str, Any]], folder: Path, said: list[str]) -> list[str]:
    files = []
    for number, (name, model) in enumerate(models):
        path = folder / f"{number}" / f"{name}.keras"
        path.parent.mkdir()
        try:
            model.save(path)
        except Exception as error:
            said.append(f"{name} cannot be taken: {' '.join(str(error).split())[:160].rstrip('.')}.")
            continue
        files.append(str(path))
    return files


def _limit_files() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))


def _without_network() -> None:
    """From here on this process reaches nobody: it leaves the network where the system lets it, and is refused each try
    in any case. It starts no other programs either."""
    if sys.platform == "linux":
        unshare: Callable[[int], int] = ctypes.CDLL(None, use_errno=True).unshare
        unshare(_NEW_USER | _NEW_NETWORK)

    def refuse(event: str, _: Any) -> None:
        if event in _REFUSED:
            raise PermissionError("a script that is imported has no network")
        if event in _PROGRAMS:
            raise PermissionError("a script that is imported starts no other programs")

    sys.addaudithook(refuse)


def _main(script: str, folder: str) -> None:
    answer = Path(folder, "answer.json")
    sys.stdout.flush()
    told = run(Path(script), Path(folder))
    answer.write_text(json.dumps(told), encoding="utf-8")
    # Threads that the script left behind must not keep the process.
    os._exit(0)


if __name__ == "__main__":
    _main(*sys.argv[1:])
