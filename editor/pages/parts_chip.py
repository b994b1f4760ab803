"""The chip of the bar that says how the editor's parts are: server, TensorFlow, shapes, runs."""

from __future__ import annotations

from collections.abc import Sequence

from ...runtime.part import HOST, Part
from .icons import icon
from .markup import Html, classes, h

TONES = {"up": "ok", "starting": "info", "gone": "error"}
WORDS = {
    "up": "TensorFlow ready",
    "starting": "TensorFlow is loading",
    "gone": "TensorFlow is gone",
}


def parts_chip(parts: Sequence[Part]) -> Html:
    """The state of the part that matters most, and a list of all of them to unfold."""
    host = next((part for part in parts if part.name == HOST), None)
    worst = next((part for part in parts if part.state == "gone" and part is not host), None)
    if host is not None and (host.state != "up" or worst is None):
        tone, words = TONES[host.state], WORDS[host.state]
    else:
        tone, words = ("warning", f"{worst.name}: look") if worst else ("ok", "Ready")
    starting = host is not None and host.state == "starting"
    return h(
        "details",
        h(
            "summary",
            h("span", h("span", class_="dot"), words, class_=classes("chip", tone, starting and "starting")),
            aria_label=f"Parts of the editor: {words}",
            title="What runs, what starts, what is gone",
            data_testid="host-state",
            data_state=host.state if host else "up",
        ),
        h("div", [_row(part) for part in parts], class_="menu-list parts", role="group", aria_label="Parts"),
        class_="wf-menu parts-menu",
    )


def _row(part: Part) -> Html:
    words = {"up": "up", "starting": "starting", "gone": "gone"}[part.state]
    return h(
        "div",
        h("span", class_=f"dot {TONES[part.state]}"),
        h(
            "div",
            h("div", h("strong", part.name), h("span", words, class_=f"state {TONES[part.state]}"), class_="line"),
            h("p", part.why) if part.why else None,
            h("p", part.remedy, class_="muted") if part.remedy and part.name != HOST else None,
            h("button", icon("refresh"), "Start again", class_="btn compact", type="button", data_action="start-again")
            if part.name == HOST and part.state == "gone"
            else None,
            class_="grow",
        ),
        class_="part",
        data_testid=f"part:{part.name}",
        data_state=part.state,
    )
