"""What stands above the cells about the file: who else has it open, what others wrote into it, what is not saved."""

from __future__ import annotations

from typing import Any

from ..cells.context import Context
from ..one_writer import Holder
from ..outside_changes import Question
from ..version_words import node_name
from .icons import icon
from .markup import Html, h
from .markup_view import Markup

SHOWN = 5


class FileNotices:
    """One page's notices about its file."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.view = Markup(on_message=self._heard)
        self._answer = ""

    def show(self) -> None:
        file = self.context.open.file
        held = held_html(file.held_by, self._answer) if file.held_by else None
        question = question_html(file.path.name, file.question, self.context.open.notebook) if file.question else None
        unsaved = None if held or question else unsaved_html(self.context.open.save_state)
        parts = [part for part in (held, question, unsaved) if part]
        self.view.show(h("div", parts, class_="stack file-notices") if parts else Html(""))

    def _heard(self, message: dict[str, Any]) -> None:
        opened = self.context.open
        match message.get("action"):
            case "take-over":
                self.context.background(opened.take_over, self._taken_over)
            case "mine" | "theirs" | "copy" as choice:
                self.context.background(lambda: opened.file.answer(choice), self._answered)

    def _taken_over(self, done: Any, error: Exception | None) -> None:
        self._answer = "" if done else f"It still has it: {error}" if error else "It is still running and has it open."
        self.show()

    def _answered(self, copy: Any, error: Exception | None) -> None:
        if error:
            self.context.say(f"the copy could not be written ({error})")
        self.show()


def unsaved_html(state: str) -> Html | None:
    """Says that nothing can be written and what that means; None where it can."""
    if not state.startswith("failed"):
        return None
    return h(
        "div",
        icon("warning"),
        h(
            "div",
            h("strong", f"Not saved: {state.removeprefix('failed: ')}."),
            h(
                "p",
                "You can go on. Until it can be written, what you draw is kept by this tab only, so leave it open; "
                "everything else would be lost if Weftwork ended now. Saving is tried again every few seconds.",
            ),
            class_="grow",
        ),
        class_="notice error",
        role="alert",
        data_testid="not-saved",
    )


def held_html(holder: Holder, answer: str) -> Html:
    """Says that this page only reads, and offers to take over."""
    return h(
        "div",
        icon("info"),
        h(
            "div",
            h("strong", "Open elsewhere: here you can read, not edit."),
            h(
                "p",
                f"{holder.words()[:1].upper()}{holder.words()[1:]} has this notebook open. What is saved there "
                "appears here. When it is closed, or its process has ended, you can take over.",
            ),
            h("p", answer, role="status") if answer else None,
            class_="grow",
        ),
        h("button", "Take over", class_="btn compact", type="button", data_action="take-over"),
        class_="notice info",
        role="alert",
        data_testid="held-elsewhere",
    )


def question_html(file: str, question: Question, notebook: Any) -> Html:
    """Asks which side is to stand where two changed the same."""
    names = {cell.id: cell for cell in (*question.theirs.cells, *notebook.cells)}
    places = list(dict.fromkeys(_place(conflict.address, names) for conflict in question.conflicts))
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return h(
        "div",
        icon("warning"),
        h(
            "div",
            h(
                "strong",
                f"Another program changed {file} in places that you changed too: {', '.join(places[:SHOWN])}{more}.",
            ),
            h(
                "p",
                "Everything else is merged. Nothing is saved until you choose, and nothing of either side is lost: "
                f"all that it wrote is kept as version {question.kept}.",
            ),
            h(
                "div",
                h("button", "Keep mine", class_="btn compact", type="button", data_action="mine"),
                h("button", "Take theirs", class_="btn compact", type="button", data_action="theirs"),
                h(
                    "button",
                    "Keep mine, save theirs as a copy",
                    class_="btn compact",
                    type="button",
                    data_action="copy",
                ),
                class_="row",
            ),
            class_="grow",
        ),
        class_="notice warning",
        role="alert",
        data_testid="outside-question",
    )


def _place(address: tuple[str, ...], cells: dict[str, Any]) -> str:
    cell = cells.get(address[0])
    name = getattr(cell, "name", address[0])
    if address == ("cells",):
        return "the order of cells"
    if len(address) == 3 and address[1] == "nodes" and cell is not None:
        return f"{node_name(cell, address[2])} in {name}"
    return f"a wire in {name}" if len(address) == 3 else name
