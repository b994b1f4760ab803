"""What the hand sees: buttons for single steps, the settings that may be changed, the form of a fork. Pure HTML."""

from __future__ import annotations

from typing import Any

from ...runtime.kept_checkpoints import KeptCheckpoint
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..settings_form import number_text


def step_buttons(cell: str, *, paused: bool) -> Html:
    """One batch and one epoch, which wait for a pause; and a checkpoint to keep, which does not."""
    why = None if paused else "Pause first"
    return h(
        "div",
        _button("step-batch", "Step one batch", cell, "play", disabled=not paused, title=why),
        _button("step-epoch", "Step one epoch", cell, "play", disabled=not paused, title=why),
        _button("keep", "Keep a checkpoint", cell, "check", title="Of this moment, for good: a fork can begin there"),
        class_="row",
        data_key="steps",
    )


def live_form(heading: str, form: Html, count: int) -> Html:
    """The settings, folded away: there may be one for each layer."""
    return h(
        "details",
        _summary(heading, f"{count} setting{'s' if count != 1 else ''}"),
        h("div", form, class_="blocks"),
        class_="group",
        data_testid="run-settings",
    )


def answer_line(answer: dict[str, Any] | None) -> Html | None:
    """What the run said to the last command."""
    if not answer:
        return None
    if not answer.get("accepted"):
        return h(
            "div",
            icon("warning"),
            h("span", answer.get("message", "")),
            class_="notice warning",
            role="alert",
            data_key="refusal",
        )
    value = answer.get("value")
    if answer.get("command") == "learning_rate":
        value = {"of": "optimizer", "parameter": "learning_rate", "value": value}
    if not isinstance(value, dict):
        return None
    name = str(value["parameter"]).replace("_", " ")
    of = "The" if value["of"] == "optimizer" else f"{value['of']}:"
    text = f"{of} {name} is {number_text(float(value['value']))} since step {answer['step']:,}."
    return h("div", icon("check"), h("span", text), class_="notice ok", role="status", data_testid="run-answer")


def fork_form(cell: str, form: Html, count: int, refusal: str, *, can_keep: bool) -> Html:
    """Begins a run of its own at one of the checkpoints, or keeps that one for later."""
    button = h(
        "button",
        icon("copy"),
        "Fork",
        class_="btn",
        type="button",
        data_action="fork",
        data_testid=f"fork:{cell}",
        title="Trains on from there, as a run of its own",
    )
    kept = "Only the last two and the best stay by themselves; this one will stay too"
    keep = _button("keep-chosen", "Keep this checkpoint", cell, "check", title=kept) if can_keep else None
    told = h("div", icon("warning"), h("span", refusal), class_="notice warning", role="alert") if refusal else None
    return h(
        "details",
        _summary("Fork from a checkpoint", f"{count} checkpoint{'s' * (count != 1)}"),
        h("div", form, h("div", button, keep, class_="row"), told, class_="blocks"),
        class_="group",
        data_testid=f"fork-form:{cell}",
    )


def _summary(title: str, words: str) -> Html:
    return h("summary", icon("chevron"), h("span", title, class_="title"), h("span", words, class_="words"))


def checkpoint_words(one: KeptCheckpoint) -> str:
    """`step 96, best, kept`."""
    words = [f"step {one.step:,}", *(["best"] if one.best else []), *(["kept"] if one.pinned else [])]
    return ", ".join(words)


def _button(
    action: str, label: str, cell: str, picture: str, *, disabled: bool = False, title: str | None = None
) -> Html:
    return h(
        "button",
        icon(picture),
        label,
        class_="btn compact",
        type="button",
        data_action=action,
        data_testid=f"{action}:{cell}",
        aria_disabled="true" if disabled else None,
        title=title,
    )
