"""The canvas as a Panel component: what it loads, and how its messages pass between browser and notebook."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import panel as pn
import param
from panel.custom import ReactComponent

from .gestures import Message, TabConnection
from .open_notebook import OpenNotebook
from .when_shown import in_turn

ASSETS = Path(__file__).resolve().parents[1] / "assets"
BUNDLE = ASSETS / "canvas.bundle.js"


def _version() -> str:
    """The hash of the sources from the bundle's first line, so that browsers never show an old canvas."""
    with BUNDLE.open(encoding="utf-8") as file:
        return file.readline().removeprefix("// sources ").strip()[:12]


class Canvas(ReactComponent):
    """The drawing of one network cell in one browser tab.

    There is deliberately no `_esm`: with one, Panel's development mode would ignore the built bundle and
    fetch React from a public server.
    """

    place = param.String(doc="Names the network cell; the browser keeps what is not acknowledged under it.")

    _bundle = BUNDLE
    _stylesheets: ClassVar[list[str]] = [f"assets/canvas.css?v={_version()}"]

    def __init__(
        self,
        open_notebook: OpenNotebook,
        cell_id: str,
        tab: str,
        on_tab: Callable[[str], None] | None = None,
        **params: Any,
    ) -> None:
        place = hashlib.sha256(f"{open_notebook.path}\n{cell_id}".encode()).hexdigest()[:16]
        super().__init__(place=place, **{"sizing_mode": "stretch_both", "margin": 0, **params})
        self._document = pn.state.curdoc
        self._outgoing: deque[Message] = deque()
        self._answering: int | None = None
        self._closed = False
        self._on_tab = on_tab
        self._health: dict[str, Any] = {}
        self._connection = TabConnection(open_notebook, cell_id, tab, self._post)

    @property
    def selected(self) -> tuple[str, ...]:
        """The ids of the nodes that are selected in this tab."""
        return self._connection.selected

    @property
    def where(self) -> tuple[str, tuple[str, ...]]:
        """The name of the network that is shown, and the steps that led to it from the canvas' own."""
        return self._connection.place

    def show(self, steps: tuple[str, ...], nodes: tuple[str, ...]) -> None:
        """Has the browser enter the network that the steps lead to, and select these nodes of it."""
        self._connection.show(steps, nodes)

    def make_room(self, beside: bool) -> None:
        """Tells the browser whether something stands beside the canvas."""
        self._post({"type": "beside", "on": beside})

    def show_health(self, lines: dict[str, Any]) -> None:
        """Shows these lines (`health_lines.node_lines`) on the nodes, and on no others."""
        before, self._health = self._health, lines
        nodes = {id_: line for id_, line in lines.items() if before.get(id_) != line}
        nodes |= {id_: None for id_ in before if id_ not in lines}
        if nodes:
            self._post({"type": "health", "nodes": nodes, "full": False})

    def close(self) -> None:
        """Stops listening to the notebook; the tab is gone."""
        self._closed = True
        self._connection.close()

    @classmethod
    def _process_importmap(cls) -> dict[str, Any]:
        """Everything is in the bundle; Panel's own map names a public server."""
        return {"imports": {}, "scopes": {}}

    @classmethod
    def _component_resource_path(cls, esm_path: Any, compiled: Any) -> str:
        """The server's own `/assets`; Panel's resource handler refuses what is not below the module's folder."""
        return f"assets/{BUNDLE.name}?v={_version()}"

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        self._answering = threading.get_ident()
        try:
            self._connection.receive(data)
        finally:
            self._answering = None
        if data.get("type") == "ready" and self._health:
            self._post({"type": "health", "nodes": self._health, "full": True})
        self._flush()
        if data.get("type") == "ready" and self._on_tab:
            self._on_tab(self._connection.tab)

    def _post(self, message: Message) -> None:
        """Takes a message from any thread: sent with the answer that is being given, else at the next tick."""
        self._outgoing.append(message)
        if self._answering == threading.get_ident() or self._closed:
            return
        if self._document is None:
            self._flush()
        else:
            in_turn(self._document, self._flush)

    def _flush(self) -> None:
        """Sends what waits, in order, as one message. Called under the document's lock."""
        messages = []
        while self._outgoing:
            messages.append(self._outgoing.popleft())
        if messages and not self._closed:
            self._send_msg(messages)


def canvas_for(
    open_notebook: OpenNotebook, cell_id: str, tab: str, on_tab: Callable[[str], None] | None = None
) -> Canvas:
    """The canvas of a network cell, for the page that is being made. `close` it with the page.

    The browser keeps its tab's id over a reload, so that the tab can still undo; `on_tab` hears it.
    """
    return Canvas(open_notebook, cell_id, tab, on_tab)
