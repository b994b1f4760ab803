"""One function call in a process of its own: what evaluates, previews or exports cannot take the host down with it."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from typing import Any

from .failure import full_traceback, one_line
from .link import Link

_OURS = "weftwork."


def do_task(link: Link) -> int:
    """Serves the one request that comes over the link: {"function": "module:name", "arguments": {…}}."""
    request = link.receive()
    if request is None:
        return 1
    threading.Thread(target=_end_with, args=(link,), daemon=True).start()
    if request.get("memory"):
        _limit_memory(int(request["memory"]))
    try:
        reply = {"result": _function(request["function"])(**request["arguments"])}
    except Exception as error:
        print(full_traceback(error), file=sys.stderr, flush=True)
        reply = {"failed": one_line(error)}
    try:
        link.send(reply)
    except TypeError as error:
        link.send({"failed": f"{request['function']} gave something else than JSON: {error}"})
    return 0


def _function(name: str) -> Any:
    module, _, attribute = name.partition(":")
    if not module.startswith(_OURS):
        raise ValueError(f"{name} is no task of Weftwork")
    return getattr(importlib.import_module(module), attribute)


def _limit_memory(extra_bytes: int) -> None:
    """Lets this process take `extra_bytes` more address space than it has now."""
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm") as file:
        present = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (present + extra_bytes, present + extra_bytes))


def _end_with(link: Link) -> None:
    """Ends this process, and what it started, as soon as nobody waits for its answer any more."""
    if link.receive() is None:
        if os.name != "nt":
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)
