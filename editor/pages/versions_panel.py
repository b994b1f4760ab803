"""Earlier versions of the notebook at the side of its page: what each changed, how it differs from now, restore."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..cells.context import Context
from ..listed_versions import Listed, listed, restoring
from .markup import Html
from .markup_view import Markup
from .versions_html import panel_html


class VersionsPanel:
    """Closed until `toggle`. Reads the versions in the background, since ten large ones take a while."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.view = Markup(on_message=self._heard)
        self.is_open = False
        self._listed: list[Listed] | None = None
        self._chosen = ""
        self._fault = ""

    def toggle(self) -> None:
        self.is_open = not self.is_open
        self._chosen = self._fault = ""
        if self.is_open:
            self.read()
        self.show()

    def read(self) -> None:
        """Lists the versions anew, unless the panel is closed."""
        if self.is_open:
            self.context.background(lambda: listed(self.context.open), self._have)

    def refresh(self) -> None:
        """The notebook is another one now."""
        if self.is_open and self._chosen:
            self.show()

    def show(self) -> None:
        if not self.is_open:
            self.view.show(Html(""))
            return
        self.view.show(
            panel_html(self._listed, self._chosen, self.context.open.notebook, self._fault, now=datetime.now(UTC))
        )

    def _have(self, result: Any, error: Exception | None) -> None:
        self._fault = f"The versions cannot be read: {error}" if error else ""
        self._listed = result or []
        self.show()

    def _heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "close":
                self.toggle()
            case "choose":
                chosen = str(message.get("value"))
                self._chosen = "" if chosen == self._chosen else chosen
                self.show()
            case "restore":
                self._restore(str(message.get("value")))

    def _restore(self, name: str) -> None:
        one = next((one for one in self._listed or () if one.version.name == name), None)
        if one is not None and self.context.did(*restoring(self.context.open.notebook, one)):
            self._chosen = ""
            self.show()
