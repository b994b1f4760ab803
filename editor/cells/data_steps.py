"""Preparation steps as a list that is edited: added, removed, put in order, each with its columns and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...compiler.changes import SetField
from ...compiler.document import DataCell, Preparation
from ..pages.buttons import square_button
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..settings_form import Setting
from .context import Context
from .settings import Settings
from .step_words import STEPS, step_settings


class Steps:
    """The list of one data cell. `cell()` gives the cell as it is now, `columns` the preview's columns."""

    def __init__(self, context: Context, cell: Any) -> None:
        self._context, self._cell = context, cell
        self._forms: dict[tuple[int, str], Settings] = {}
        self.columns: list[dict[str, Any]] = []

    def html(self) -> Html:
        cell: DataCell = self._cell()
        return h(
            "div",
            h("ol", [self._step(index, step) for index, step in enumerate(cell.preparation)], class_="steps")
            if cell.preparation
            else h("p", "Nothing is prepared: the network gets the values as they stand.", class_="muted"),
            self._adding(),
            class_="stack",
        )

    def heard(self, message: dict[str, Any]) -> bool:
        """Takes a message of the list; whether it was one."""
        cell: DataCell = self._cell()
        steps = list(cell.preparation)
        action, value = message.get("action"), str(message.get("value"))
        if action == "add-step" and value in STEPS:
            # Rows are left out and gaps filled before anything is measured.
            index = 0 if value.startswith("drop_") else len(steps)
            self._put([*steps[:index], Preparation(step=value), *steps[index:]], f"Add the step {value}")
            return True
        if action in ("step-up", "step-down", "remove-step"):
            index = int(value) if value.isdigit() else len(steps)
            if index >= len(steps):
                return True
            moved = steps.pop(index)
            if action != "remove-step":
                steps.insert(max(0, index + (1 if action == "step-down" else -1)), moved)
            words = "Remove" if action == "remove-step" else "Move"
            self._put(steps, f"{words} the step {moved.step}")
            return True
        field = str(message.get("field", ""))
        if action == "set" and field.startswith("step-column:"):
            _, number, name = field.split(":", 2)
            self._pick(int(number), name, bool(message.get("value")))
            return True
        return any(
            self._form(index, step).heard(message) for index, step in enumerate(steps) if f"step{index}-" in field
        )

    def _step(self, index: int, step: Preparation) -> Html:
        words = STEPS.get(step.step)
        form = self._form(index, step).html(f"step {index + 1}") if words and step_settings(step, index) else None

        def tool(action: str, picture: str, label: str) -> Html:
            return square_button(
                picture, f"{label} step {index + 1}", data_action=action, data_value=index, title=label
            )

        return h(
            "li",
            h(
                "div",
                h("span", words.title if words else step.step, class_="what"),
                " ",
                h("span", words.what if words else "", class_="why"),
                self._columns_of(index, step),
                form,
            ),
            h(
                "span",
                tool("step-up", "up", "Move up") if index else None,
                tool("step-down", "down", "Move down") if index + 1 < len(self._cell().preparation) else None,
                tool("remove-step", "trash", "Remove"),
                class_="tools",
            ),
            class_="step",
            data_key=f"step:{index}:{step.step}",
            data_testid=f"step:{step.step}",
        )

    def _columns_of(self, index: int, step: Preparation) -> Html | None:
        words = STEPS.get(step.step)
        fitting = [c["name"] for c in self.columns if words and c.get("type") in words.types]
        names = [*fitting, *(name for name in step.columns if name not in fitting)]
        if not names or not words or not words.types:
            return None
        chosen = ", ".join(step.columns) if step.columns else words.all_columns
        boxes = [
            h(
                "label",
                h(
                    "input",
                    type="checkbox",
                    checked=name in step.columns,
                    data_field=f"step-column:{index}:{name}",
                    aria_label=f"Step {index + 1} prepares {name}",
                ),
                name,
                data_key=f"pick:{index}:{name}",
            )
            for name in names
        ]
        return h(
            "details",
            h("summary", h("span", chosen), class_="btn compact", aria_label=f"Columns of step {index + 1}: {chosen}"),
            h("div", boxes, class_="menu-list"),
            class_="wf-menu pick-columns",
            style="margin-top: var(--wf-space-2)",
            data_key=f"columns:{index}",
        )

    def _adding(self) -> Html:
        items = [
            h(
                "button",
                h("span", words.title, h("small", words.what)),
                class_="menu-item",
                type="button",
                role="menuitem",
                data_action="add-step",
                data_value=name,
            )
            for name, words in STEPS.items()
            if self._may_add(words.contents)
        ]
        return h(
            "details",
            h("summary", icon("plus"), "Step", class_="btn compact", aria_label="Add a preparation step"),
            h("div", items, class_="menu-list left", role="menu", style="max-height: 340px; overflow-y: auto"),
            class_="wf-menu",
            style="justify-self: start",
            data_key="add-step",
        )

    def _may_add(self, contents: Sequence[str]) -> bool:
        return ("table" if self.columns else "pictures") in contents

    def _form(self, index: int, step: Preparation) -> Settings:
        key = (index, step.step)
        if key not in self._forms:

            def settings() -> list[Setting]:
                steps = self._cell().preparation
                return step_settings(steps[index], index) if index < len(steps) else []

            self._forms[key] = Settings(settings, lambda name, value: self._edit(index, name, value))
        return self._forms[key]

    def _edit(self, index: int, name: str, value: Any) -> None:
        steps = list(self._cell().preparation)
        parameter = name.split("-", 1)[1]
        params = {**steps[index].params, parameter: value}
        if steps[index].step == "impute":
            params = _agreeing(params)
        steps[index] = steps[index].model_copy(update={"params": params})
        self._put(steps, f"Set {parameter} of the step {steps[index].step}")

    def _pick(self, index: int, name: str, chosen: bool) -> None:
        steps = list(self._cell().preparation)
        if index >= len(steps):
            return
        rest = tuple(column for column in steps[index].columns if column != name)
        steps[index] = steps[index].model_copy(update={"columns": (*rest, name) if chosen else rest})
        self._put(steps, f"Choose the columns of the step {steps[index].step}")

    def _put(self, steps: list[Preparation], label: str) -> None:
        plain = [step.model_dump(mode="json") for step in steps]
        self._context.perform(label, SetField(cell=self._cell().id, field="preparation", value=plain))


def _agreeing(params: dict[str, Any]) -> dict[str, Any]:
    """A constant is a number where it reads as one; other ways to fill have none."""
    if params.get("strategy") != "constant":
        return {name: value for name, value in params.items() if name != "value"}
    text = str(params.get("value", 0))
    try:
        return {**params, "value": float(text)}
    except ValueError:
        return {**params, "value": text}
