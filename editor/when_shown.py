"""Waits with changes of a page until the browser shows it, and makes them in the one thread that may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn


def when_shown(document: Any, action: Callable[[], None]) -> None:
    """Runs `action` under the document's lock, as soon as the page is shown; actions keep their order. Any thread.

    What changes after the browser has fetched the document and before it reports it as shown, Panel drops (1.9.4, in
    `_drain_unconnected_events`), for it takes the document to be still unread. On a busy machine that is a second.
    """

    def look() -> None:
        if pn.state.loaded:
            action()
        else:
            pn.state.onload(lambda: document.add_next_tick_callback(action))

    in_turn(document, look)


def in_turn(document: Any, action: Callable[[], None]) -> None:
    """Runs `action` under the document's lock, when its turn comes. Any thread.

    Bokeh's documents know nothing of threads: what another thread asks of one that is just being given its session, or
    just letting go of collected changes, can be lost or asked twice (3.9, `ServerSession.__init__` and `unhold`). So
    the asking, too, is done in the server's own thread.
    """
    loop = _loop_of(document)
    if loop is None:
        document.add_next_tick_callback(action)
    else:
        loop.add_callback(document.add_next_tick_callback, action)


def _loop_of(document: Any) -> Any:
    """The loop of the server that the document belongs to; None where there is no server."""
    found = document.session_context
    for step in ("server_context", "application_context", "io_loop"):
        found = getattr(found, step, None)
    return found
