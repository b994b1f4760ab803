"""Waiting for what a page and a server do between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAIT_S = 120  # a bound against hanging: TensorFlow loads meanwhile, on two busy cores


def until(page: Any, holds: Callable[[], Any], what: str | Callable[[], str] = "it never came true") -> Any:
    """What `holds` gives as soon as that is true; the page goes on meanwhile."""
    end = time.monotonic() + WAIT_S
    while not (value := holds()):
        assert time.monotonic() < end, what() if callable(what) else what
        page.wait_for_timeout(20)
    return value
