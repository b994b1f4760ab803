"""From the websocket to the screen: when messages came and went, and when the page had changed because of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Notes every piece of the messages on the page's websockets with its time and size, and when a key went down.
LISTEN = """(() => {
    const Plain = window.WebSocket;
    const size = (data) => (typeof data === 'string' ? data.length : data?.byteLength ?? data?.size ?? 0);
    window.__messages = [];
    window.__changes = [];
    window.addEventListener('keydown', ({ timeStamp }) => { window.__pressed = timeStamp; }, true);
    const note = (side, data) => window.__messages.push({
        side, at: performance.now(), size: size(data), text: typeof data === 'string' ? data : '',
    });
    window.WebSocket = class extends Plain {
        constructor(...all) {
            super(...all);
            this.addEventListener('message', ({ data }) => note('in', data));
        }
        send(data) {
            note('out', data);
            super.send(data);
        }
    };
})()"""

# Notes when what is written on a node changed, and which.
_WATCH = """canvas => new MutationObserver((records) => {
    for (const { target } of records) {
        const node = (target.closest ? target : target.parentElement)?.closest('[data-testid^="node:"]');
        if (node) window.__changes.push({ at: performance.now(), node: node.dataset.testid.slice(5) });
    }
}).observe(canvas, { subtree: true, childList: true, characterData: true })"""

_CLEAR = "() => { window.__messages.length = 0; window.__changes.length = 0; }"
# A message of Bokeh's is a head, notes on it, and its content.
_PIECES = 3
_STILL_MS = 400
_EDITS = 10


class WireTimes:
    """What edits of the page took, in milliseconds and bytes."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.get_by_test_id("canvas").evaluate(_WATCH)
        self.found: dict[str, list[float]] = {}

    def one_node(self, node: Locator, id_: str) -> None:
        """Sets a parameter again and again: until the node has changed, by hand and by what the server says."""
        node.click(position={"x": 60, "y": 12})
        units = self._page.get_by_test_id("inspector").get_by_role("textbox", name="units")
        for number in range(_EDITS):
            units.fill(str(17 + number % 2))
            self._page.evaluate(_CLEAR)
            units.press("Enter")
            node.get_by_text(f"· × {17 + number % 2}", exact=True).wait_for()
            messages, changes = self._settled()
            pressed = self._page.evaluate("window.__pressed")
            mine = [change["at"] for change in changes if change["node"] == id_]
            status = [one["at"] for one in messages if one["side"] == "in" and '"status"' in one["text"]]
            drawn = [min(at for at in mine if at > came) - came for came in status if any(at > came for at in mine)]
            self._note("a parameter pressed → on its node", mine[0] - pressed)
            self._note("one node's shape come → on the node", drawn[-1])
            self._note_bytes(messages)

    def connect(self, source: Locator, target: Locator) -> None:
        """Draws a wire and takes it back, again and again: until the server has acknowledged it."""
        for _ in range(_EDITS):
            (x1, y1), (x2, y2) = _middle(source), _middle(target)
            self._page.mouse.move(x1, y1)
            self._page.mouse.down()
            self._page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2, steps=3)
            self._page.mouse.move(x2, y2, steps=3)
            self._page.evaluate(_CLEAR)
            self._page.mouse.up()
            messages, _ = self._settled()
            sent, answered = _sent(messages), _answer(messages)
            self._note("connect sent → acknowledged", messages[answered]["at"] - messages[sent]["at"])
            self._note_bytes(messages)
            self._page.evaluate(_CLEAR)
            self._page.keyboard.press("Control+z")
            self._settled()

    def all_shapes(self, source: Locator, shapes: tuple[str, str]) -> None:
        """Gives the network another input, again and again: until all nodes in sight say so."""
        source.click(position={"x": 60, "y": 12})
        field = self._page.get_by_test_id("inspector").get_by_role("textbox", name="shape")
        for number in range(4):
            self._page.evaluate(_CLEAR)
            field.fill(shapes[number % 2])
            field.press("Enter")
            messages, changes = self._settled(3000)
            largest = max(
                (one for one in messages if one["side"] == "in" and '"status"' in one["text"]),
                key=lambda one: one["size"],
            )
            after = [change["at"] for change in changes if change["at"] >= largest["at"]]
            self._note("all shapes come → on the nodes in sight", max(after) - largest["at"])

    def _settled(self, still: int = _STILL_MS) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The messages and changes, when the edit was answered and nothing more has come for a while."""
        self._page.wait_for_function(
            """still => {
                const isAnswer = ({ side, text }) => side === 'in' && text.includes('"changed"');
                const answered = window.__messages.some(isAnswer);
                const last = Math.max(0, ...[...window.__messages, ...window.__changes].map(({ at }) => at));
                return answered && performance.now() - last > still;
            }""",
            arg=still,
        )
        return self._page.evaluate("[window.__messages, window.__changes]")

    def _note(self, what: str, value: float) -> None:
        self.found.setdefault(what, []).append(value)

    def _note_bytes(self, messages: list[dict[str, Any]]) -> None:
        """What the gesture weighs, and what its answer does, heads and all: each is about one record."""
        for what, at, side in (("sent", _sent(messages), "out"), ("answered", _answer(messages), "in")):
            pieces = [one["size"] for one in messages[: at + 1] if one["side"] == side][-_PIECES:]
            self._note(f"bytes {what} for a record changed", sum(pieces))


def _sent(messages: list[dict[str, Any]]) -> int:
    return next(at for at, one in enumerate(messages) if one["side"] == "out" and '"gesture"' in one["text"])


def _answer(messages: list[dict[str, Any]]) -> int:
    return next(
        at
        for at, one in enumerate(messages)
        if at > _sent(messages) and one["side"] == "in" and '"changed"' in one["text"]
    )


def _middle(port: Locator) -> tuple[float, float]:
    box = port.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
