"""A notebook in a browser tab, and what the server holds of it: for tests by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weftwork.editor.app_state import app_state

from .waiting import until


class Tab:
    """`opened` is the server's notebook, `keys` the keyboard, `get` finds by test id."""

    def __init__(self, page: Any, file: str) -> None:
        self.page, self.keys, self.get = page, page.keyboard, page.get_by_test_id
        self.opened = app_state().open_notebook(file)

    @property
    def names(self) -> list[str]:
        return [cell.name for cell in self.opened.notebook.cells]

    def until(self, holds: Callable[[], Any], what: str | Callable[[], str]) -> Any:
        return until(self.page, holds, what)

    def focused(self) -> str:
        """The id of the cell whose frame has the focus, "" for none."""
        return self.page.evaluate(
            """() => {
              let active = document.activeElement
              while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
              return active?.dataset?.cell ?? ""
            }"""
        )

    def focus(self, name: str) -> None:
        """Focuses the cell's frame, once more where the page was just putting a new frame in its place."""
        cell = self.opened.notebook.cell(name).id

        def focused() -> bool:
            self.get(f"cell:{name}").evaluate("frame => frame.focus()")
            return self.focused() == cell

        self.until(focused, f"{name} does not take the focus")

    def has_focus(self, name: str) -> None:
        cell = self.opened.notebook.cell(name).id
        self.until(lambda: self.focused() == cell, f"{name} has not got the focus")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)
