"""Export: the network as code, for Keras, for servers and devices, the notebook as .ipynb, checked by reloading it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...runtime.exporters.formats import FORMATS, INT8, Format
from ...runtime.exporters.python_trailer import split_trailer
from ..pages.buttons import copy_button
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from .cell_head import CellState, reasons
from .cell_view import CellView
from .problem_rows import problem_rows
from .weights_choice import choose_weights, weights_choice

GROUPS = {
    "To read and run": ("python", "ipynb"),
    "For Keras": ("keras", "weights"),
    "To serve": ("savedmodel", "onnx"),
    "For small devices": ("litert", INT8),
}

CARRY = "Keep the notebook inside whatever can hold it, so that it opens here again"
ALONE = "The network alone: no data, preparation, training or evaluation"


class ExportCellView(CellView):
    def parts(self) -> list[Viewable]:
        self.body = Markup(on_message=self._heard_body)
        return [self.body]

    def refresh(self) -> None:
        super().refresh()
        self._show()

    def state(self) -> CellState | None:
        standing = self.context.standing(self.cell.name)
        match self.context.work.state(self.id):
            case "running":
                return CellState("exporting", "info", busy=True)
            case "waiting":
                return CellState("waiting", "info")
        if self.id in self.context.work.faults:
            return CellState("failed", "error", why=self.context.work.faults[self.id])
        if standing.state == "stale":
            return CellState("stale", "warning", why=reasons(standing.why))
        return CellState("exported", "ok") if standing.state == "fresh" else None

    def run(self) -> None:
        """Writes again what was written before, or what the cell's options name; Python where there is neither."""
        standing = self.context.standing(self.cell.name)
        asked = [*self.cell.options.get("formats", ()), *standing.outputs]
        self.context.work.start([self.cell.name], formats=asked or ["python"])

    def _show(self) -> None:
        run = self.context.standing(self.cell.training).run
        fault = self.context.work.faults.get(self.id)
        weights = f"With the weights of run {run.id}." if run else "Not trained yet: with fresh weights from the seed."
        self.body.show(
            h(
                "div",
                problem_rows(self.problems(), of=self.cell.name),
                h("dl", [self._group(title, names) for title, names in GROUPS.items()], class_="formats"),
                [h("p", words, class_="muted small") for words in _missing()],
                h("div", h("span", weights, class_="muted small grow"), weights_choice(self.cell, run), class_="row"),
                self._switches(),
                h("div", icon("error"), h("span", fault), class_="notice error", role="alert") if fault else None,
                [self._outcome(name) for name in FORMATS],
                class_="body stack",
            )
        )

    def _switches(self) -> Html:
        """Whether the notebook travels inside what can hold it, and whether the data are a part of what is written."""
        options = self.cell.options
        return h(
            "div",
            _switch(f"carry:{self.cell.name}", "carry", CARRY, options.get("carry", True) is not False),
            _switch(f"alone:{self.cell.name}", "alone", ALONE, options.get("alone") is True),
            class_="stack tight",
        )

    def _group(self, title: str, names: tuple[str, ...]) -> Html:
        return h("div", h("dt", title), h("dd", [self._button(FORMATS[name]) for name in names]))

    def _button(self, form: Format) -> Html:
        busy = form.name in self.context.work.formats_of(self.id)
        return h(
            "button",
            icon("clock" if busy else "export"),
            f"{form.title} …" if busy else form.title,
            class_="btn",
            type="button",
            title=form.missing() or form.what,
            data_action="export",
            data_value=form.name,
            data_testid=f"export:{form.name}",
            aria_disabled="true" if busy or form.missing() else None,
        )

    def _outcome(self, name: str) -> Html | None:
        output = self.context.standing(self.cell.name).outputs.get(name)
        result = output.content if output else None
        if result is None:
            return None
        return h(
            "div",
            h(
                "div",
                icon("check"),
                h(
                    "span",
                    "Written to ",
                    h("span", self._place(result), class_="mono"),
                    f" ({size_words(result['bytes'])})" if "bytes" in result else "",
                    f". {difference_words(result)} {result.get('note', '')}",
                ),
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

    def _heard_body(self, message: dict[str, Any]) -> None:
        if choose_weights(self.context, self.cell, message):
            return
        match message.get("action"):
            case "set" if message.get("field") == "carry":
                value = None if message.get("value") is True else False
                self.context.perform(
                    "Keep the notebook inside" if value is None else "Leave the notebook out",
                    SetField(cell=self.id, field="options", key="carry", value=value),
                )
            case "set" if message.get("field") == "alone":
                value = True if message.get("value") is True else None
                self.context.perform(
                    "Export the network alone" if value else "Export the data's part too",
                    SetField(cell=self.id, field="options", key="alone", value=value),
                )
            case "export":
                form = FORMATS.get(str(message.get("value")))
                if form is not None and not form.missing():
                    self.context.work.start([self.cell.name], formats=[str(message.get("value"))])
            case "fix":
                self.fixes.press(message)


def _switch(testid: str, field: str, words: str, checked: bool) -> Html:
    return h(
        "label",
        h("input", type="checkbox", data_field=field, checked=checked),
        words,
        class_="switch quiet-words",
        data_testid=testid,
    )


def _missing() -> list[str]:
    """What has to be installed for the formats that are not to be had yet."""
    return [words for form in FORMATS.values() if (words := form.missing())]


def size_words(size: int) -> str:
    """Bytes as people say them: 812 bytes, 31 KB, 4.2 MB."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1e3:.0f} KB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def difference_words(result: dict[str, Any]) -> str:
    """What reloading it in a fresh process has shown."""
    difference = result.get("difference")
    if difference is None:
        return ""
    if difference == 0:
        return "Loaded again in a fresh process, it predicts exactly the same."
    return f"Loaded again in a fresh process, its predictions differ by at most {difference:.1e}."


def code_block(source: str, name: str) -> Html:
    """Source with a button to copy it and one to save it where the browser saves things. The notebook behind a script
    is in what is copied and saved, and is not shown."""
    code, notebook = split_trailer(source)
    return h(
        "div",
        h(
            "div",
            h("span", name, class_="mono grow"),
            copy_button("pre"),
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
        h("pre", code, h("span", notebook, hidden=True), tabindex="0", data_testid="exported-source"),
        class_="code-block",
    )
