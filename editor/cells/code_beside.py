"""The Python of a network beside its canvas: what is selected there is lit here, and a line leads to its node."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import Any

from ...compiler.code_lines import CodeLines, code_lines
from ...compiler.nesting.paths import split
from ...compiler.nesting.references import networks_by_name
from ...compiler.program import Program
from ..canvas_place import way_into
from ..pages.buttons import copy_button, square_button
from ..pages.icons import icon
from ..pages.markup import Html, classes, h
from ..pages.markup_view import Markup
from .code_text import coloured_lines
from .context import Context

# A share of the page's width; the canvas has the rest.
_LOOK = """
:host {
  width: clamp(340px, 40%, 640px) !important; flex: none !important; height: var(--wf-canvas-height) !important;
  border-left: 1px solid var(--wf-line); box-sizing: border-box; overflow: hidden; background: var(--wf-surface);
}
.wf-root { width: 100%; height: 100%; }
"""
# Selections that were asked for come back from the browser a moment later.
_ASKED = 20


class CodeBeside:
    """`canvas` is the network's own; `close` is called when the hand closes the view. `follow` is called ten times a
    second while it is shown: what an edit changes is printed anew in a thread, and shown when it is there."""

    def __init__(self, context: Context, canvas: Any, close: Callable[[], None]) -> None:
        self._context, self._canvas, self._close = context, canvas, close
        self._code: CodeLines | None = None
        self._coloured: list[Html] = []
        self._printed: Program | None = None
        self._printing = False
        self._seen: tuple[Any, ...] = ()
        self._lit: frozenset[int] = frozenset()
        self._line = 0
        self._asked: deque[tuple[str, ...]] = deque(maxlen=_ASKED)
        self._name = ""
        self.view = Markup(on_message=self._heard, visible=False, sizing_mode="stretch_both", stylesheets=[_LOOK])

    @property
    def shown(self) -> bool:
        return bool(self.view.visible)

    def show(self, shown: bool, name: str) -> None:
        self.view.visible = shown
        self._canvas.make_room(shown)
        self._seen = ()
        if shown:
            self.follow(name)
            self._render()

    def follow(self, name: str) -> None:
        """Prints what was edited, and lights what is selected. `name` is that of the network's cell."""
        if not self.shown:
            return
        self._name = name
        program = self._context.open.findings.programs.get(name)
        if program is not None and program is not self._printed and not self._printing:
            self._print(program)
        elif (program is None) != (self._printed is None):
            self._printed = None if program is None else self._printed
            self._render()
        self._light()

    def _print(self, program: Program) -> None:
        self._printing = True

        def done(printed: tuple[CodeLines, list[Html]] | None, error: Exception | None) -> None:
            self._printing = False
            self._printed = program
            if printed is not None and printed[0] != self._code:
                self._code, self._coloured = printed
                self._seen = ()
                self._light()
            self._render()

        def work() -> tuple[CodeLines, list[Html]]:
            code = code_lines(program)
            return code, coloured_lines(code.source.rstrip("\n"))

        self._context.background(work, done)

    def _light(self) -> None:
        """Lights the lines of what is selected. The pen goes there, unless it is where the selection came from."""
        shown, steps = self._canvas.where
        seen = (shown, steps, self._canvas.selected)
        if self._code is None or seen == self._seen:
            return
        self._seen = seen
        lines = {line for node in self._canvas.selected for line in self._lines_of(shown, steps, node)}
        if self._canvas.selected in self._asked and self._line not in lines:
            return  # the pen has gone on meanwhile
        moved = bool(lines) and self._line not in lines
        self._line = min(lines) if moved else self._line
        self._tell(lines, bring=moved)

    def _tell(self, lines: Collection[int], *, bring: bool = False) -> None:
        """Only what is lit goes to the browser: the lines of a large network are many."""
        self._lit = frozenset(lines)
        self.view.tell({"type": "light", "lines": sorted(self._lit), "pen": self._line, "bring": bring})

    def _lines_of(self, shown: str, steps: tuple[str, ...], node: str) -> list[int]:
        """The lines of a node of the network that is shown: in its function, else where it is laid out flat."""
        assert self._code is not None
        found = self._code.lines_of(shown, node)
        return found or self._code.lines_of(self._name, "/".join([*steps, node]))

    def _heard(self, message: dict[str, Any]) -> None:
        match message:
            case {"action": "set", "field": "line", "value": str(line)} if line.isdigit():
                self._go(int(line))
            case {"action": "close"}:
                self._close()

    def _go(self, line: int) -> None:
        """The pen is on a line: its node is selected, and entered for where it lies within another network."""
        self._line = line
        place = self._code.at(line) if self._code else None
        if place is None or self._code is None:
            return
        shown, steps = self._canvas.where
        inner, node = split(place.node)
        if place.network == self._name:
            steps = inner
        elif place.network != shown:
            networks = networks_by_name(self._context.open.notebook)
            steps = way_into(networks, self._name, place.network)
        self._asked.append((node,))
        self._tell(self._code.lines_of(place.network, place.node))
        self._canvas.show(steps, (node,))

    def _render(self) -> None:
        self.view.show(self._html())

    def _html(self) -> Html:
        code = self._code
        return h(
            "section",
            h(
                "div",
                h("span", "Python of ", h("b", self._name), class_="grow"),
                copy_button(".source") if code else None,
                square_button("close", "Close the Python (E)", data_action="close"),
                class_="tools",
            ),
            self._notice(),
            self._lines() if code else None,
            h("pre", code.source, hidden=True, class_="source") if code else None,
            class_="code-beside",
            aria_label=f"Python of {self._name}",
            data_testid=f"code:{self._name}",
        )

    def _notice(self) -> Html | None:
        if self._printed is not None:
            return None
        if self._printing:
            words = "The Python is being written."
        elif self._code is None:
            words = "The Python is here as soon as the network has no more problems."
        else:
            words = "The network has problems. This is its Python as it was before."
        return h("div", icon("warning"), words, class_="notice warning", role="status")

    def _lines(self) -> Html:
        rows = [
            h(
                "label",
                h(
                    "input",
                    type="radio",
                    name="line",
                    value=str(number),
                    data_field="line",
                    checked=number == self._line,
                    aria_label=f"Line {number}",
                ),
                h("span", str(number), class_="line-number", aria_hidden="true"),
                line,
                class_=classes("line", number in self._lit and "lit"),
                data_line=str(number),
            )
            for number, line in enumerate(self._coloured, start=1)
        ]
        return h(
            "div",
            h("div", rows, class_="code-lines"),
            class_="scrolls",
            data_scrolls=True,
            role="radiogroup",
            aria_label="Lines; the arrow keys go from one to the next",
        )
