"""What stands above the cells while code of the file has not been allowed to run: what it is, and a way to allow it."""

from __future__ import annotations

from typing import Any

from ...compiler.code.lambda_layers import lambda_code
from ...runtime.code_cells.consent import waiting, what_would_run
from ..cells.context import Context
from .icons import icon
from .markup import Html, h
from .markup_view import Markup

SHOWN = 8


class ConsentNotice:
    """One page's question whether the notebook's code may run. Nothing of it runs before."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.view = Markup(on_message=self._heard)

    def show(self) -> None:
        notebook = self.context.open.notebook
        cells = [cell.name for cell in waiting(notebook)]
        self.view.show(self._html(cells) if cells or lambda_code(notebook) else Html(""))

    def _html(self, names: list[str]) -> Html:
        sentences = what_would_run(self.context.open.notebook)
        more = len(sentences) - SHOWN
        return h(
            "div",
            h(
                "div",
                icon("warning"),
                h(
                    "div",
                    h("strong", "This notebook holds code that has not run on this machine."),
                    h("p", "Nothing of it runs before you allow it. It could do anything that you can do here. It is:"),
                    h(
                        "ul",
                        [h("li", sentence) for sentence in sentences[:SHOWN]],
                        h("li", f"and {more} more") if more > 0 else None,
                        class_="would-run",
                    ),
                    h(
                        "div",
                        h(
                            "button",
                            "Allow this notebook's code",
                            class_="btn primary compact",
                            type="button",
                            data_action="allow",
                        ),
                        h(
                            "button",
                            f"Look at {names[0]} first",
                            class_="btn compact",
                            type="button",
                            data_reveal=f"cell:{names[0]}",
                        )
                        if names
                        else None,
                        class_="row",
                    ),
                    class_="grow stack tight",
                ),
                class_="notice warning",
                role="alert",
                data_testid="code-consent",
            ),
            class_="stack file-notices",
        )

    def _heard(self, message: dict[str, Any]) -> None:
        if message.get("action") == "allow":
            self.context.allow_code()
