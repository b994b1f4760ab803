"""What went wrong in a code cell, as the page tells it: a sentence, and the lines of cells that led there."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from .namespace import NotAtHand

_LONGEST_MESSAGE = 600
_FRAMES = 6


class TookTooLong(BaseException):
    """The time that a cell has is over; no `except Exception` of the code takes it for one of its own."""


class NotAllowed(Exception):
    """Code that nobody has let run."""


def file_of(cell: str) -> str:
    """What Python takes for the file of a cell's code."""
    return f"<cell {cell}>"


def told_error(error: BaseException, cell: str, codes: Mapping[str, str]) -> dict[str, Any]:
    """What went wrong and where in the cells; what happened in libraries below is left out."""
    files = {file_of(name): name for name in codes}
    frames = [
        {"cell": files[frame.filename], "line": frame.lineno or 0, "text": _line(codes, frame, files)}
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename in files
    ]
    last = frames[-1] if frames else {"cell": cell, "line": 0}
    line = last["line"]
    if isinstance(error, SyntaxError) and error.filename in files:
        last = {"cell": files[error.filename], "line": error.lineno or 0}
        line = last["line"]
    return {**told(_message(error), str(last["cell"]), int(line or 0)), "frames": frames[-_FRAMES:]}


def _line(codes: Mapping[str, str], frame: traceback.FrameSummary, files: Mapping[str, str]) -> str:
    lines = codes[files[frame.filename]].splitlines()
    return lines[frame.lineno - 1].strip()[:200] if frame.lineno and frame.lineno <= len(lines) else ""


def told(message: str, cell: str, line: int) -> dict[str, Any]:
    """An error at a line of a cell, 0 for none."""
    return {"message": message, "cell": cell, "line": line, "frames": []}


def _message(error: BaseException) -> str:
    match error:
        case TookTooLong():
            return str(error)
        case SystemExit():
            return f"The code ended itself by exit({error.code!r}); nothing after it ran."
        case KeyboardInterrupt():
            return "The code interrupted itself."
        case MemoryError():
            return "The memory that code may take did not suffice. Work on fewer rows at a time."
        case RecursionError():
            return "RecursionError: a function calls itself without an end."
        case NotAtHand():
            return f"{error}."
        case SyntaxError():
            return f"SyntaxError: {error.msg}"
    try:
        text = str(error)
    except Exception:
        text = ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    short = " ".join(lines)[:_LONGEST_MESSAGE]
    return f"{type(error).__name__}: {short}" if short else type(error).__name__
