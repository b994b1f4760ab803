"""Why a run or a task could not be done, in one line that its user can act on."""

from __future__ import annotations

import errno
import re
import traceback
from typing import Any

_LONGEST = 400


class RunFailed(Exception):
    """A run that cannot go on. `at` is the place in the notebook, as in Problem.to_json."""

    def __init__(self, message: str, at: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.at = at or {}


def one_line(error: BaseException) -> str:
    """What an exception has to say to a user, without its traceback."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        place = f" ({error.filename})" if error.filename else ""
        return f"The disk is full{place}. Free some space, then resume."
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"{error.filename or 'The folder'} cannot be written: {error.strerror}."
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        wanted = re.search(r"tensor with shape\[([\d,]*)\]", str(error))
        what = f" for a tensor of shape ({wanted[1].replace(',', ', ')})" if wanted else ""
        return f"The memory did not suffice{what}. A smaller batch size or smaller layers need less."
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = _first_sentence(lines)
    name = type(error).__name__
    if isinstance(error, RunFailed | ValueError | OSError) and text:
        return text
    return f"{name}: {text}" if text else name


def _first_sentence(lines: list[str]) -> str:
    # TensorFlow begins its messages with where in the graph it happened; what happened stands below.
    useful = [
        line
        for line in lines
        if not line.startswith(("Graph execution error", "Detected at node", "File ", "Arguments received"))
    ]
    text = (useful or lines or [""])[0]
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def full_traceback(error: BaseException) -> str:
    """Everything, for the log."""
    return "".join(traceback.format_exception(error))
