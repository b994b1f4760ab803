"""Waiting for what a page and a server do between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAIT_S = 120  # a bound against hanging: TensorFlow loads meanwhile, on two busy cores

_AT_REST = """pane => new Promise(done => {
  const view = pane.closest(".react-flow").querySelector(".react-flow__viewport")
  let last = "", same = 0
  const look = () => {
    const { x, y } = pane.getBoundingClientRect()
    const now = `${x} ${y} ${view.style.transform}`
    same = now === last ? same + 1 : 0
    last = now
    same < 10 ? requestAnimationFrame(look) : done()
  }
  look()
})"""


def at_rest(page: Any) -> None:
    """Waits until the canvas stands still. Its view glides into place, the page to a cell that is left by Escape."""
    page.locator(".react-flow__pane").first.evaluate(_AT_REST)


def until(page: Any, holds: Callable[[], Any], what: str | Callable[[], str] = "it never came true") -> Any:
    """What `holds` gives as soon as that is true; the page goes on meanwhile."""
    end = time.monotonic() + WAIT_S
    while not (value := holds()):
        assert time.monotonic() < end, what() if callable(what) else what
        page.wait_for_timeout(20)
    return value
