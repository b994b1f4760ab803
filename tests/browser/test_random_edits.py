"""Gestures by real mouse and keys, at random, in two tabs, with the line cut now and then: in the end all agree."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Error

from weftwork.compiler.document_file import read_notebook

from .line import Line

# What a page says that is loaded anew at this moment.
LOADING = ("navigation", "context was destroyed")


class Hand:
    """Does something at random that a person might do in one tab."""

    def __init__(self, canvas, line: Line, dice: random.Random) -> None:
        self.canvas, self.line, self.dice = canvas, line, dice
        self.offline = False
        self._gestures: list[Callable[[], None]] = [
            self._drag, self._drag, self._wire, self._wire, self._search, self._delete, self._bypass, self._mute,
            self._undo, self._undo, self._redo, self._duplicate, self._copy_paste, self._nudge, self._arrange,
            self._frame, self._note, self._rename, self._lead_wire, self._cut_or_mend,
        ]  # fmt: skip

    def act(self) -> None:
        """One gesture. A page that finds a new server session loads itself again; a gesture in that moment is lost, as
        it is to a person, who waits for the canvas and goes on."""
        gesture = self.dice.choice(self._gestures)
        try:
            gesture()
        except Error as error:
            if not any(words in str(error) for words in (*LOADING, "not attached", "Timeout 4000ms")):
                raise
            self._find_back()

    def settle(self) -> None:
        """The line is up again, the page has found back, and nothing waits to be delivered."""
        self._find_back()
        waiting = "Object.keys(sessionStorage).filter((key) => key.startsWith('weftwork:unacknowledged')).length"
        self.canvas.until(
            lambda: self.seen(f"weftwork.online && {waiting} === 0"),
            "the page did not find back, or edits were never acknowledged",
        )

    def seen(self, expression: str) -> bool:
        """Whether it holds on the page; it does not while the page is loaded anew."""
        try:
            return self.canvas.page.evaluate(expression)
        except Error as error:
            if not any(words in str(error) for words in LOADING):
                raise
            return False

    def _find_back(self) -> None:
        if self.offline:
            self._cut_or_mend()
        self.canvas.page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()

    def _boxes(self, selector: str) -> list[tuple[str, float, float, float, float]]:
        """Test id, left, top, width and height of what is seen, all at one moment."""
        return self.canvas.page.locator(selector).evaluate_all(
            """all => all.map((element) => {
                const { left, top, width, height } = element.getBoundingClientRect();
                return [element.dataset.testid, left, top, width, height];
            })"""
        )

    def _grip(self) -> tuple[float, float] | None:
        """A place to take a node by that is seen."""
        boxes = self._boxes('[data-testid^="node:"]')
        if not boxes:
            return None
        _, left, top, width, height = self.dice.choice(sorted(boxes))
        return left + width * 0.4, top + min(12, height / 2)

    def _blank(self, across: float = 0.5, down: float = 0.05) -> tuple[float, float]:
        box = self.canvas.page.locator(".react-flow__pane").bounding_box(timeout=4000)
        if box is None:
            raise Error("not attached")
        return box["x"] + box["width"] * across, box["y"] + box["height"] * down

    def _node(self) -> bool:
        """Clicks a node."""
        grip = self._grip()
        if grip:
            self.canvas.page.mouse.click(*grip)
        return grip is not None

    def _key(self, keys: str) -> None:
        self.canvas.keys.press(keys)

    def _on_node(self, keys: str) -> None:
        if self._node():
            self._key(keys)

    def _drag(self) -> None:
        grip = self._grip()
        if grip:
            end = grip[0] + self.dice.randint(-90, 90), grip[1] + self.dice.randint(-60, 60)
            self.canvas.drag(grip, end)

    def _wire(self) -> None:
        outputs, inputs = (sorted(self._boxes(f".port.{side}")) for side in ("out", "in"))
        if outputs and inputs:
            ends = [self.dice.choice(outputs), self.dice.choice(inputs)]
            self.canvas.drag(*((left + width / 2, top + height / 2) for _, left, top, width, height in ends))
            self._key("Escape")

    def _search(self) -> None:
        self._key("Escape")
        self.canvas.page.mouse.click(*self._blank())
        self._key("/")
        field = self.canvas.get("palette-search")
        field.fill(self.dice.choice(["dense 3", "relu", "dropout 0.2", "add", "flatten"]), timeout=4000)
        field.press("Enter", timeout=4000)

    def _delete(self) -> None:
        self._on_node("Delete")

    def _bypass(self) -> None:
        self._on_node("Control+Delete")

    def _mute(self) -> None:
        self._on_node("m")

    def _undo(self) -> None:
        self._key("Control+z")

    def _redo(self) -> None:
        self._key("Control+y")

    def _duplicate(self) -> None:
        self._on_node("Control+d")

    def _copy_paste(self) -> None:
        if self._node():
            self._key("Control+c")
            self._key("Control+v")

    def _nudge(self) -> None:
        self._on_node(self.dice.choice(["ArrowRight", "Shift+ArrowDown", "ArrowUp"]))

    def _arrange(self) -> None:
        self.canvas.page.mouse.click(*self._blank())
        self._key("l")

    def _frame(self) -> None:
        self._on_node("g")

    def _note(self) -> None:
        self.canvas.page.mouse.click(*self._blank(0.7, 0.1))
        self._key("n")

    def _rename(self) -> None:
        if self._node():
            field = self.canvas.get("inspector").get_by_label("name", exact=True)
            if field.count() == 1:
                field.fill(self.dice.choice(["one", "two", "three"]), timeout=4000)
                field.press("Enter", timeout=4000)

    def _lead_wire(self) -> None:
        self.canvas.page.locator('.react-flow__edge[tabindex="0"]').first.focus(timeout=4000)
        self._key("Enter")
        self._key("r")

    def _cut_or_mend(self) -> None:
        """Cuts the line, at once or in the middle of the server's next message; or mends it."""
        if self.offline:
            self.line.mend()
        elif self.dice.random() < 0.5:
            self.line.cut()
        else:
            self.line.cut_in_the_next_message()
        self.offline = not self.offline


@pytest.mark.parametrize(
    ("seed", "gestures"),
    [(1, 40), *(pytest.param(seed, 200, marks=pytest.mark.long) for seed in (2, 3, 4))],
)
@pytest.mark.timeout(1200)
def test_browser_server_and_file_agree_after_random_gestures(open_canvas, pages, seed, gestures):
    dice = random.Random(seed)
    hands = []
    for _ in range(2):
        lines: list[Line] = []
        canvas = open_canvas(lambda page, lines=lines: lines.append(Line(page)))
        hands.append(Hand(canvas, lines[0], dice))
    for _ in range(gestures):
        dice.choice(hands).act()
    for hand in hands:
        hand.settle()
    one, two = (hand.canvas for hand in hands)
    opened = one.open_notebook
    for canvas in (one, two):
        canvas.keys.press("Escape")
        canvas.page.mouse.click(*canvas.blank())
        canvas.keys.press("f")
        canvas.until(lambda canvas=canvas: canvas.nodes_on_screen() == set(canvas.drawn.nodes), f"seed {seed}")
        names = {id_: node.label or node.kind for id_, node in canvas.drawn.nodes.items()}
        for id_, name in names.items():
            canvas.get(f"node:{id_}").get_by_text(name, exact=True).first.wait_for(state="attached")
        wires = canvas.page.locator('[data-testid^="wire:"]').evaluate_all("all => all.map(e => e.dataset.testid)")
        assert {wire.removeprefix("wire:") for wire in wires} == set(canvas.drawn.wires), f"seed {seed}"
    assert opened.save()
    assert read_notebook(opened.path.read_text(encoding="utf-8")) == (opened.notebook, [])
    pages.complaints.clear()  # the browser says that sockets were cut
