"""A part of the running editor and how it is: the server, TensorFlow's process, the shape service, the runs."""

from __future__ import annotations

from dataclasses import dataclass

SERVER, HOST, SHAPES, RUNS = "Server", "TensorFlow", "Shape service", "Runs"


@dataclass(frozen=True, slots=True)
class Part:
    """`state` is "up", "starting" or "gone"; `why` a sentence, where there is something to say; `remedy` what to
    do about it."""

    name: str
    state: str
    why: str = ""
    pid: int = 0
    remedy: str = ""
