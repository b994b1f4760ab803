"""The pieces that show a run: buttons, bar, end. Pure HTML."""

from __future__ import annotations

from ...compiler.problems import Problem
from ...runtime.shown_values import duration
from ..pages.icons import icon
from ..pages.markup import Html, classes, h
from .run_follower import Progress
from .run_words import TONES, end_words, now_words


def controls(cell: str, progress: Progress | None, *, pending: bool = False) -> Html:
    """Run; or, while a run goes on, Pause or Resume, Stop, and another run for the queue."""
    going = progress is not None and progress.going
    if progress is not None and going:
        paused = progress.state == "paused"
        buttons = [
            _button("go-on", "play", "Resume", f"pause:{cell}", "primary")
            if paused
            else _button("pause", "pause", "Pause", f"pause:{cell}", disabled=progress.state != "running"),
            _button("stop", "stop", "Cancel" if progress.state == "queued" else "Stop", f"stop:{cell}"),
            _button("run-another", "plus", "Queue another run", f"queue:{cell}", "ghost", disabled=pending),
        ]
    else:
        again = progress is not None
        buttons = [_button("run", "play", "Run again" if again else "Run", f"run:{cell}", "primary", disabled=pending)]
        if progress is not None and progress.state in ("stopped", "lost", "failed", "diverged"):
            buttons.append(_button("resume", "refresh", "Resume", f"resume:{cell}"))
    return h("div", buttons, class_="row")


def _button(action: str, picture: str, label: str, testid: str, look: str = "", disabled: bool = False) -> Html:
    return h(
        "button",
        icon(picture),
        label,
        class_=classes("btn", look),
        type="button",
        data_action=action,
        data_testid=testid,
        aria_disabled="true" if disabled else None,
    )


def notice(pending: str, refusal: Problem | None) -> Html | None:
    """Why Run has not started yet, or what stops it, with the way there."""
    if refusal is not None:
        at = refusal.at
        target = f"node:{at.node}" if at.node else f"cell:{at.cell}"
        return h(
            "div",
            icon("error"),
            h("span", "Run has to wait: ", refusal.message, class_="grow"),
            h("button", f"Show in {at.cell}", class_="btn compact", type="button", data_reveal=target)
            if at.cell
            else None,
            class_="notice error",
            role="alert",
            data_testid="run-refused",
        )
    if pending:
        return h("div", icon("clock"), h("span", pending), class_="notice info", role="status")
    return None


def progress_bar(progress: Progress) -> Html:
    """Bar, epoch, step, time left; at the end how it ended."""
    waiting = progress.state in ("queued", "building") or (progress.state == "running" and not progress.step)
    facts = []
    if progress.epochs:
        facts.append(f"epoch {max(progress.epoch, 1)} of {progress.epochs}")
    if progress.step:
        facts.append(f"step {progress.step:,}" + (f" of {progress.steps:,}" if progress.steps else ""))
    if progress.going and progress.seconds_left is not None:
        facts.append(f"{duration(progress.seconds_left)} left")
    bar = h(
        "div",
        h("div", class_="fill", style=f"--share: {progress.share:.4f}"),
        class_=classes("track", waiting and "waiting"),
        role="progressbar",
        aria_label="Progress of the run",
        aria_valuemin="0",
        aria_valuemax="100",
        aria_valuenow=None if waiting else round(progress.share * 100),
    )
    if progress.going:
        line = h("div", h("strong", now_words(progress)), [h("span", fact) for fact in facts], class_="words")
        return h("div", bar, line, class_=f"progress {progress.state}", data_testid="run-progress")
    tone = TONES.get(progress.state, "")
    return h(
        "div",
        bar,
        h("div", [h("span", fact) for fact in facts], class_="words") if facts else None,
        h(
            "div",
            icon({"ok": "check", "warning": "warning"}.get(tone, "error")),
            h("span", end_words(progress)),
            class_=f"notice {tone}",
            role="status",
            data_testid="run-end",
            data_state=progress.state,
        ),
        class_=f"progress {progress.state}",
    )


def speed_line(progress: Progress) -> Html | None:
    """What the run computes on and in, where there was a choice."""
    words = " ".join(filter(None, (progress.placement, progress.speed)))
    return h("p", words, class_="muted small", data_testid="run-speed") if words else None
