"""Data: what it holds, where it is from, how it is split, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...compiler.problems import Problem
from ...compiler.specs import DataDescription
from ..data_code import bring_data_code
from ..folder_paths import kept_path
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from ..settings_form import Setting
from .cell_view import CellState, CellView
from .data_columns import heard_column
from .data_drop import drop_zone, take_file, use_file
from .data_preview import preview_html
from .data_settings import data_settings
from .data_steps import Steps
from .problem_rows import problem_rows
from .settings import Settings

PARTED = {
    "random": "at random",
    "stratified": "by class",
    "group": "by group",
    "time": "by time",
    "column": "by a column",
    "source": "as the source comes",
}


class DataCellView(CellView):
    def parts(self) -> list[Viewable]:
        self._preview: dict[str, Any] | None = None
        self._preview_of: tuple[str, str] | None = None
        self._why_not = ""
        # Shown on while the data are read again, so that nothing jumps and no button goes from under a finger.
        self._last: tuple[DataDescription | None, list[Problem]] = None, []
        self._settings = Settings(self._make_settings, self._edit)
        self._steps = Steps(self.context, lambda: self.cell)
        self.body = Markup(on_message=self._heard_body)
        return [self.body]

    def refresh(self) -> None:
        super().refresh()
        self._ask_for_preview()
        self._show()

    def state(self) -> CellState:
        if any(problem.severity == "error" for problem in self.problems()):
            return CellState("needs attention", "error")
        described = self._description()
        if described is None or not described.rows:
            return CellState("reading", "info", busy=True)
        return CellState(f"{described.rows + described.validation_rows:,} rows", "ok")

    def is_known(self) -> bool:
        return self._description() is not None

    def _description(self) -> DataDescription | None:
        return self.context.open.findings.data.get(self.cell.name)

    def _ask_for_preview(self) -> None:
        """Reads the preview in a thread, once for each state of the cell and its data."""
        described = self._description()
        content = self.cell.model_dump_json(exclude={"name"})
        wanted = (content, described.fingerprint if described else "")
        if wanted == self._preview_of:
            return
        self._preview_of = wanted
        cell, folder = self.cell, self.context.folder

        def read() -> dict[str, Any]:
            bring_data_code()
            from ...runtime.data.preview import preview

            return preview(cell.model_dump(mode="json"), str(folder))

        self.context.background(read, lambda result, error: self._got_preview(wanted, result, error))

    def _got_preview(self, of: tuple[str, str], result: dict[str, Any] | None, error: Exception | None) -> None:
        if of != self._preview_of:
            return
        self._preview = result
        self._why_not = str(error) if error else ""
        self._show()

    def _steps_words(self) -> str:
        count = len(self.cell.preparation)
        return f"Preparation: {count} step{'s' * (count != 1)}" if count else "Preparation"

    def _show(self) -> None:
        described, problems = self._description(), self.problems()
        if described is None:
            described, before = self._last
            problems += [problem for problem in before if problem not in problems]
        else:
            self._last = described, problems
        self._steps.columns = list((self._preview or {}).get("columns") or [])
        self.body.show(
            h(
                "div",
                problem_rows(problems, of=self.cell.name),
                self._facts(described),
                preview_html(self._preview, self._why_not, has_problems=bool(problems), of=self.cell.name),
                h(
                    "details",
                    h("summary", self._steps_words(), class_="subhead", style="cursor: pointer"),
                    self._steps.html(),
                    data_key="preparation",
                    open=bool(self.cell.preparation),
                ),
                h(
                    "details",
                    h("summary", "Source and split", class_="subhead", style="cursor: pointer"),
                    h("div", drop_zone(self.cell.name), self._settings.html(self.cell.name), class_="stack"),
                    data_key="source",
                    open=not self.cell.location,
                ),
                class_="body stack",
            )
        )

    def _facts(self, described: DataDescription | None) -> Html:
        summary = described.summary if described else {}
        parted = PARTED.get(str(summary.get("split", "")), "") if described and described.rows else ""
        title = str(summary.get("title") or self.cell.location or "No source yet")
        origin = [str(summary[key]) for key in ("from", "licence") if summary.get(key)]
        return h(
            "div",
            h(
                "div",
                h("span", title, style="font-weight: 600"),
                h("span", " · ".join(origin), class_="muted small") if origin else None,
                class_="grow row",
            ),
            _stat("training rows", described.rows) if described and described.rows else None,
            _stat("validation rows", described.validation_rows) if described and described.rows else None,
            h("span", h("span", "split", class_="label"), h("span", parted, class_="number"), class_="stat")
            if parted
            else None,
            class_="stats",
        )

    def _make_settings(self) -> list[Setting]:
        columns = [str(column["name"]) for column in (self._preview or {}).get("columns") or []]
        return data_settings(self.cell, columns)

    def _edit(self, name: str, value: Any) -> None:
        if name in ("source", "location"):
            if name == "location" and self.cell.source not in ("gallery", "keras", "code"):
                value = kept_path(value, self.context.folder)
            self.context.perform(f"Set {name}", SetField(cell=self.id, field=name, value=value))
        else:
            if name == "held_out":
                value = [word.strip() for word in value.split(",") if word.strip()]
            split = {**self.cell.split.model_dump(mode="json"), name: value}
            self.context.perform(f"Set {name} of the split", SetField(cell=self.id, field="split", value=split))

    def _heard_body(self, message: dict[str, Any]) -> None:
        if message.get("action") == "fix":
            self.fixes.press(message)
        elif message.get("action") == "drop":
            take_file(self.context, message, lambda name: use_file(self.context, self.cell, name))
        elif heard_column(self.context, self.cell, message):
            return
        elif self._steps.heard(message) or self._settings.heard(message):
            self._show()


def _stat(label: str, number: int) -> Html:
    return h("span", h("span", label, class_="label"), h("span", f"{number:,}", class_="number"), class_="stat")
