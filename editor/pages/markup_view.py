"""A piece of the page: HTML made in Python, kept up to date in the browser, with its gestures as messages.

The browser patches what changed, so focus, open menus and half-typed fields stay. An element with
`data-action` sends `{"action", "value"}` when it is pressed; a control with `data-field` sends
`{"action": "set", "field", "value"}` when it is changed; a form with `data-action` sends its fields.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from ..when_shown import when_shown
from .markup import Html

Listener = Callable[[dict[str, Any]], None]


class Markup(JSComponent):
    """HTML that answers. Everything in `html` must come from `markup.h`, which escapes."""

    html = param.String(default="")

    # The renderer itself, assets/markup.js, stands once in the page's head.
    _esm = "export const render = props => window.weftwork.renderMarkup(props)"

    def __init__(self, html: Html | str = "", on_message: Listener | None = None, **params: Any) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        params.setdefault("margin", 0)
        super().__init__(html=str(html), **params)
        self._on_message = on_message

    def show(self, html: Html) -> None:
        """Puts `html` in the place of what is shown; nothing is sent where it is the same."""
        if str(html) != self.html:
            self.html = str(html)

    def go(self, address: str) -> None:
        """Sends the browser to another page of ours."""
        self._send_msg({"type": "go", "address": address})

    def tell(self, message: dict[str, Any]) -> None:
        self._send_msg(message)

    def _handle_msg(self, data: Any) -> None:
        listener = self._on_message
        if listener is None or not isinstance(data, dict):
            return
        # Panel hands messages over without the document's lock, which plots need.
        document = pn.state.curdoc
        if document is not None and document.session_context is not None:
            when_shown(document, partial(listener, data))
        else:
            listener(data)
