"""Why a function of a code cell is not called."""

from __future__ import annotations


class NotReady(Exception):
    """Why a function is not called, as a sentence without its full stop; `help` says what to do."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help
