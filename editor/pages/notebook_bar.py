"""The bar of the notebook page: where one is, what there is to run, and what the parts are doing. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from .buttons import square_button
from .icons import icon
from .markup import Html, classes, h

SAVE_WORDS = {"saved": ("check", "Saved"), "saving": ("", "Saving"), "unsaved": ("", "Edited")}


def save_state(state: str) -> Html:
    """saved, saving, unsaved or `failed: <reason>`, as a chip."""
    picture, words = SAVE_WORDS.get(state, ("warning", f"Not saved: {state.removeprefix('failed: ')}"))
    failed = state.startswith("failed")
    return h(
        "span",
        icon(picture) if picture else h("span", class_="dot"),
        h("span", words, class_="words"),
        class_=classes("chip", failed and "error", not failed and "bare"),
        role="status",
        title=state,
        data_testid="save-state",
        data_state=state.split(":")[0],
    )


def page_tools() -> Html:
    """Search, the list of keys, and earlier versions."""

    def tool(sheet: str, picture: str, label: str) -> Html:
        return square_button(picture, label, data_opens=sheet, data_testid=f"open-{sheet}")

    return h(
        "span",
        tool("search", "search", "Search in all cells (Ctrl-Shift-F)"),
        tool("keys", "keyboard", "Keys (?)"),
        square_button("history", "Versions", data_action="versions", title="Earlier versions of this notebook"),
        class_="row tight",
    )


def run_menu(stale: Sequence[tuple[str, str]], everything: Sequence[str], busy: Sequence[str]) -> Html | None:
    """One button with the number of stale cells and a menu. `stale` are names with reasons; `busy` runs and waits."""
    if not everything:
        return None
    number = len(stale)
    label = f"Run {number} stale cell{'' if number == 1 else 's'}" if number else "Nothing is stale"
    main = (
        h("button", icon("stop"), f"Stop ({len(busy)})", **_button("stop-work", "Stop what runs and forget what waits"))
        if busy
        else h(
            "button",
            icon("play"),
            h("span", "Run stale"),
            h("span", str(number), class_="tally", data_testid="stale-count"),
            **_button("run-stale", label, disabled=not number),
        )
    )
    return h(
        "span",
        main,
        h(
            "details",
            h("summary", icon("chevron"), class_="btn compact square", aria_label="More to run", title="More to run"),
            h(
                "div",
                _item("run-stale", f"Run what is stale ({number})", "In the order in which cells use each other"),
                _item("run-all", f"Run all ({len(everything)})", "Also what is fresh"),
                h("div", class_="menu-rule") if stale else None,
                [h("p", h("strong", name), h("small", why), class_="menu-note", data_key=name) for name, why in stale],
                class_="menu-list",
                role="menu",
            ),
            class_="wf-menu",
        ),
        class_="split",
    )


def _button(action: str, label: str, *, disabled: bool = False) -> dict[str, str | None]:
    return {
        "class_": "btn compact",
        "type": "button",
        "data_action": action,
        "data_testid": action,
        "aria_label": label,
        "title": label,
        "aria_disabled": "true" if disabled else None,
    }


def _item(action: str, words: str, what: str) -> Html:
    return h(
        "button",
        icon("play"),
        h("span", words, h("small", what)),
        class_="menu-item",
        type="button",
        role="menuitem",
        data_action=action,
    )
