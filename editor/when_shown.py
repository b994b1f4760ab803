"""Waits with changes of a page until the browser shows it."""

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

    document.add_next_tick_callback(look)
