"""Browsers that go away while something is on its way to them: no error of anybody's."""

from __future__ import annotations

import asyncio
from typing import Any

from tornado.websocket import WebSocketClosedError


def expect_gone_browsers(loop: asyncio.AbstractEventLoop) -> None:
    """Lets `loop` say nothing of messages to a tab that has been closed.

    Panel sends a plot's points without waiting for each, and forgets what it has sent when the page goes; asyncio would
    report every one of these as an exception that nobody asked for. All others are reported as ever.
    """

    def hear(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), WebSocketClosedError):
            loop.default_exception_handler(context)

    loop.set_exception_handler(hear)
