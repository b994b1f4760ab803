"""The frame that every page stands in: head, theme, top bar. One `Shell` is made for each browser tab."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
from panel.viewable import Viewable

from ..theme import ASSETS, Mode, logo_text
from .icons import icon, logo
from .markup import Html, classes, h, join
from .markup_view import Markup

_TEMPLATE = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _favicon() -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(logo_text("light").encode()).decode()


class Shell:
    """A page: its bar, its content, its theme. `on_gesture` hears undo, redo and save from anywhere on the page;
    `on_message` hears all that is pressed in the bar."""

    def __init__(
        self,
        title: str,
        *,
        on_gesture: Callable[[str], None] | None = None,
        on_message: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.title = title
        # A browser that finds another one after a lost connection has another page under its hands, and loads it anew.
        self.made = secrets.token_hex(6)
        self.theme: Mode = "light"
        self._on_gesture = on_gesture
        self._on_message = on_message
        self._themed: list[Callable[[Mode], None]] = []
        self.bar = Markup(on_message=self._heard)
        self.main = pn.Column(sizing_mode="stretch_width", margin=0)

    def on_theme(self, listener: Callable[[Mode], None]) -> None:
        """Calls `listener` now and whenever this tab turns light or dark."""
        self._themed.append(listener)
        listener(self.theme)

    def show_bar(self, *content: Any, plain: bool = False) -> None:
        self.bar.show(
            h(
                "div",
                h("a", logo(), "Weftwork", href="./", class_="brand", aria_label="Weftwork: gallery"),
                content,
                theme_switch(),
                class_=classes("bar", plain and "plain"),
                role="banner",
                data_page_gestures=True,
                data_made=self.made,
            )
        )

    def template(self, content: Viewable | None = None, first: Html | None = None) -> pn.Template:
        """The page as Panel serves it. `first` is painted as soon as the browser has the page, and gives way to
        `content` when the libraries are there; what is pressed until then is done then."""
        if content is not None:
            self.main.objects = [content]
        page = pn.Template(_TEMPLATE)
        page.add_panel("bar", self.bar)
        page.add_panel("main", self.main)
        page.add_variable("first_html", join(Html(self.bar.html), first) if first else "")
        page.add_variable("page_title", self.title)
        page.add_variable("page_icon", _favicon())
        page.add_variable("app_favicon", "")
        page.add_variable("theme_css", _asset("theme.css"))
        page.add_variable("pages_css", _asset("pages.css") + _asset("recovery.css"))
        scripts = ("page.js", "reconnecting.js", "connection.js", "drafts.js")
        page.add_variable("page_js", "".join(map(_asset, scripts)))
        page.add_variable("markup_js", _asset("markup.js"))
        page.add_variable("cells_js", _asset("cells.js"))
        page.add_variable("drop_js", _asset("drop.js"))
        return page

    def _heard(self, message: dict[str, Any]) -> None:
        action = message.get("action")
        if action == "theme":
            self.theme = "dark" if message.get("value") == "dark" else "light"
            for listener in self._themed:
                listener(self.theme)
        elif isinstance(action, str):
            if self._on_gesture:
                self._on_gesture(action)
            if self._on_message:
                self._on_message(message)


def theme_switch() -> Html:
    """Three buttons: as the system, light, dark. The browser remembers the choice."""

    def choice(name: str, picture: str, label: str) -> Html:
        return h(
            "button", icon(picture), class_="btn", type="button", data_theme_choice=name, aria_label=label, title=label
        )

    return h(
        "div",
        choice("system", "system", "Theme of the system"),
        choice("light", "sun", "Light theme"),
        choice("dark", "moon", "Dark theme"),
        class_="segments",
        role="group",
        aria_label="Theme",
    )
