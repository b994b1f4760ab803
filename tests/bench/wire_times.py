"""From the websocket to the screen: when messages came and went, and when the page had changed because of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Notes every message of the page's websockets with its time and size.
LISTEN = """(() => {
    const Plain = window.WebSocket;
    const size = (data) => (typeof data === 'string' ? data.length : data?.byteLength ?? data?.size ?? 0);
    window.__messages = [];
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

_EDITS = 12

_ANSWERED = """() => {
    const sent = window.__messages.find(({ side, text }) => side === 'out' && text.includes('"gesture"'));
    const isAnswer = ({ side, at, text }) => side === 'in' && at >= sent.at && text.includes('"changed"');
    return sent && window.__messages.some(isAnswer);
}"""


class WireTimes:
    """Edits one parameter again and again and tells what that took, in milliseconds and bytes."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def measure(self, node: Locator) -> dict[str, list[float]]:
        node.click(position={"x": 60, "y": 12})
        units = self._page.get_by_test_id("inspector").get_by_role("textbox", name="units")
        units.wait_for()
        found: dict[str, list[float]] = {
            "one node's parameter → its text": [],
            "edit sent → acknowledged": [],
            "bytes on the wire for a record changed": [],
        }
        # 16 again and again would be no change; the shapes below stay as they are wired.
        for number in range(_EDITS):
            self._page.evaluate("window.__messages.length = 0")
            units.fill(str(17 + number % 2))
            pressed = self._page.evaluate("performance.now()")
            units.press("Enter")
            text = node.get_by_text(f"{17 + number % 2} · relu")
            text.wait_for()
            self._page.wait_for_function(_ANSWERED)
            messages = self._page.evaluate("window.__messages")
            sent = next(m for m in messages if m["side"] == "out" and '"gesture"' in m["text"])
            answers = [m for m in messages if m["side"] == "in" and m["at"] >= sent["at"] and '"changed"' in m["text"]]
            found["edit sent → acknowledged"].append(answers[0]["at"] - sent["at"])
            found["one node's parameter → its text"].append(max(sent["at"] - pressed, 0.0))
            found["bytes on the wire for a record changed"].append(sent["size"] + answers[0]["size"])
        return found
