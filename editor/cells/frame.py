"""The frame around a cell: a column that carries attributes of our own into the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import panel as pn
import param

_LOOK = """
:host { display: block; box-sizing: border-box; position: relative; }
:host([data-hidden="true"]) { display: none; }
:host(.wf-card) {
  background: var(--wf-surface); border: 1px solid var(--wf-line); border-radius: var(--wf-radius);
  box-shadow: var(--wf-shadow-1);
}
:host(.wf-running) { border-color: var(--wf-info); }
:host([data-cell]) { scroll-margin: 72px 0 24px; outline: none; border-radius: var(--wf-radius); }
:host([data-cell]:focus), :host([data-cell]:focus-within) { border-color: var(--wf-accent); }
:host([data-cell]:focus) { outline: 2px solid var(--wf-focus); outline-offset: 2px; }
:host([data-cell].wf-dragged) { opacity: .45; }
:host([data-cell][data-full="true"]) {
  position: fixed !important; inset: 0; z-index: 60; width: auto !important; height: 100vh !important;
  max-width: none; overflow: hidden;
  border: 0; border-radius: 0; outline: none; --wf-canvas-height: calc(100vh - 49px);
}
:host(.wf-revealed) { outline: 3px solid var(--wf-focus); outline-offset: 2px; transition: outline-color .3s; }
"""

WIDTHS = {"prose": 1040, "column": 1040, "full": 1680}


class Inside(pn.Column):
    """What a fold hides: all parts of a cell but its head. The parts stay as they are."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts, sizing_mode="stretch_width", margin=0)


class Frame(pn.Column):
    """A column whose element has `attributes`; a test finds it by its data-testid."""

    attributes = param.Dict(default={})

    _rename: ClassVar[Mapping[str, str | None]] = {**pn.Column._rename, "attributes": "html_attributes"}

    def __init__(self, *parts: Any, testid: str = "", card: bool = False, **params: Any) -> None:
        super().__init__(
            *parts,
            attributes={"data-testid": testid} if testid else {},
            css_classes=["wf-card"] if card else [],
            stylesheets=[_LOOK],
            sizing_mode="stretch_width",
            margin=0,
            **params,
        )
        # Our own style comes after Bokeh's and would show again what is not visible.
        self.param.watch(lambda event: self.mark(hidden=str(not event.new).lower()), "visible")
        if not self.visible:
            self.mark(hidden="true")

    def mark(self, **attributes: Any) -> None:
        """Sets data attributes of the element: `mark(points=3)` gives `data-points="3"`."""
        named = {f"data-{name}": str(value) for name, value in attributes.items()}
        self.attributes = {**self.attributes, **named}


def centred(width: str) -> dict[str, str]:
    """The style of a page-wide element that is `prose`, `column` or `full` wide."""
    return {"width": "calc(100% - 48px)", "max-width": f"{WIDTHS[width]}px", "margin": "0 auto"}
