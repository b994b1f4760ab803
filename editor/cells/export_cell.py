"""Export: the network as Python, SavedModel or .keras, checked by reloading it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from panel.viewable import Viewable

from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .cell_view import CellState, CellView
from .latest_run import latest_trained
from .problem_rows import accept_fix, problem_rows

TIME_LIMIT_S = 900.0

FORMATS = {
    "python": ("Python script", "Reads as if a person had written it", ".py"),
    "savedmodel": ("SavedModel", "For TensorFlow Serving and C++", " folder"),
    "keras": ("Keras file", "Opens with keras.models.load_model", ".keras"),
}


class ExportCellView(CellView):
    def parts(self) -> list[Viewable]:
        self._going = ""
        self._results: dict[str, dict[str, Any]] = {}
        self._faults: dict[str, str] = {}
        self.body = Markup(on_message=self._heard_body)
        return [self.body]

    def refresh(self) -> None:
        super().refresh()
        self._show()

    def state(self) -> CellState | None:
        if self._going:
            return CellState("exporting", "info", busy=True)
        return None

    def _show(self) -> None:
        run = latest_trained(self.context.open, self.cell.training)
        weights = f"With the weights of run {run.id}." if run else "Not trained yet: with fresh weights from the seed."
        self.body.show(
            h(
                "div",
                problem_rows(self.problems(), of=self.cell.name),
                h("div", [self._button(name) for name in FORMATS], class_="row"),
                h("p", weights, class_="muted small"),
                [self._outcome(name) for name in FORMATS],
                class_="body stack",
            )
        )

    def _button(self, name: str) -> Html:
        title, what, _ = FORMATS[name]
        busy = self._going == name
        return h(
            "button",
            icon("clock" if busy else "export"),
            f"{title} …" if busy else title,
            class_="btn",
            type="button",
            title=what,
            data_action="export",
            data_value=name,
            data_testid=f"export:{name}",
            aria_disabled="true" if self._going else None,
        )

    def _outcome(self, name: str) -> Html | None:
        if name in self._faults:
            return h(
                "div", icon("error"), h("span", self._faults[name]), class_="notice error", role="alert", data_key=name
            )
        result = self._results.get(name)
        if result is None:
            return None
        return h(
            "div",
            h(
                "div",
                icon("check"),
                h("span", "Written to ", h("span", self._place(result), class_="mono"), ". ", difference_words(result)),
                class_="notice ok",
                role="status",
            ),
            code_block(str(result["source"]), Path(result["path"]).name) if result.get("source") else None,
            class_="stack",
            data_key=name,
            data_testid=f"exported:{name}",
            style="gap: var(--wf-space-2)",
        )

    def _place(self, result: dict[str, Any]) -> str:
        path = Path(result["path"])
        return str(path.relative_to(self.context.folder)) if path.is_relative_to(self.context.folder) else str(path)

    def _export(self, to: str) -> None:
        if self._going or to not in FORMATS:
            return
        self._going = to
        self._faults.pop(to, None)
        self._results.pop(to, None)
        opened, host, cell = self.context.open, self.context.host, self.cell.name
        self._show()
        self.show_head()

        def export() -> dict[str, Any]:
            if not opened.save():
                raise OSError(f"{opened.path.name} could not be saved, and what is exported is the file.")
            arguments = {"file": str(opened.path), "to": to, "cell": cell}
            return host.call("weftwork.runtime.headless:export_task", arguments, TIME_LIMIT_S)

        self.context.background(export, lambda result, error: self._exported(to, result, error))

    def _exported(self, to: str, result: dict[str, Any] | None, error: Exception | None) -> None:
        self._going = ""
        if error is not None or result is None:
            self._faults[to] = str(error)
        else:
            self._results[to] = result
        self._show()
        self.show_head()

    def _heard_body(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "export":
                self._export(str(message.get("value")))
            case "fix":
                accept_fix(self.context, message, self.problems())


def difference_words(result: dict[str, Any]) -> str:
    """What reloading it in a fresh process has shown."""
    difference = result.get("difference")
    if difference is None:
        return ""
    if difference == 0:
        return "Loaded again in a fresh process, it predicts exactly the same."
    return f"Loaded again in a fresh process, its predictions differ by at most {difference:.1e}."


def code_block(source: str, name: str) -> Html:
    """Source with a button to copy it and one to save it where the browser saves things."""
    return h(
        "div",
        h(
            "div",
            h("span", name, class_="mono grow"),
            h(
                "button",
                icon("copy"),
                h("span", "Copy", class_="todo"),
                h("span", "Copied", class_="done"),
                class_="btn ghost compact",
                type="button",
                data_copy="pre",
            ),
            h(
                "button",
                icon("download"),
                "Download",
                class_="btn ghost compact",
                type="button",
                data_save=name,
                data_from="pre",
            ),
            class_="tools",
        ),
        h("pre", source, tabindex="0", data_testid="exported-source"),
        class_="code-block",
    )
