"""Evaluation: how good the trained network is on the rows it has not seen, and where it errs."""

from __future__ import annotations

from typing import Any

import panel as pn
from panel.viewable import Viewable

from ...compiler.changes import SetField
from ...runtime.run_directory import RunDirectory
from ...runtime.shown_values import duration
from ..pages.icons import icon
from ..pages.markup import Html, h
from ..pages.markup_view import Markup
from ..plots.residuals import paint_residuals, residual_plot
from .cell_head import CellState, reasons
from .cell_view import CellView
from .evaluation_report import report
from .problem_rows import problem_rows
from .weights_choice import choose_weights, weights_choice


class EvaluationCellView(CellView):
    """Shows what is kept for the run that its training cell stands for. It starts by itself only when a run ends, or
    the cell is made, while the page is open; an old notebook that is opened waits to be asked."""

    def parts(self) -> list[Viewable]:
        # The run that stood there when this view was made: nobody waits for its evaluation.
        self._old_run = self._present_run() if not self.context.shown else ""
        self._shown_plot = ""
        self._figure: Any = None
        self.body = Markup(on_message=self._heard_body)
        self.plot = pn.Column(sizing_mode="stretch_width", margin=(0, 16, 12, 8), visible=False)
        return [self.body, self.plot]

    def refresh(self) -> None:
        super().refresh()
        run = self._present_run()
        if run and run != self._old_run:
            self._old_run = run
            missing = self.context.standing(self.cell.name).wanted and self._of_other_run(run)
            if missing and not self.context.work.state(self.id):
                self.run()
        self._show()

    def turn(self, theme: str) -> None:
        if self._figure is not None:
            paint_residuals(self._figure, "dark" if theme == "dark" else "light")

    def state(self) -> CellState | None:
        standing = self.context.standing(self.cell.name)
        match self.context.work.state(self.id):
            case "running":
                return CellState("evaluating", "info", busy=True)
            case "waiting":
                return CellState("waiting", "info")
        if self.id in self.context.work.faults:
            return CellState("failed", "error", why=self.context.work.faults[self.id])
        if standing.run is None:
            return CellState("train first")
        if standing.state == "fresh":
            return CellState("evaluated", "ok")
        if standing.state == "stale":
            return CellState("stale", "warning", why=reasons(standing.why))
        return CellState("not evaluated")

    def _present_run(self) -> str:
        run = self.context.standing(self.cell.name).run
        return run.id if run else ""

    def _of_other_run(self, run: str) -> bool:
        """Whether what is kept, if anything, tells of another run."""
        output = self.context.standing(self.cell.name).outputs.get("")
        return output is None or output.content.get("run") != run

    def _result(self) -> dict[str, Any] | None:
        output = self.context.standing(self.cell.name).outputs.get("")
        return output.content if output else None

    def _show(self) -> None:
        result = self._result()
        self.body.show(
            h("div", problem_rows(self.problems(), of=self.cell.name), self._content(result), class_="body stack")
        )
        self._show_residuals(result)
        self._name_frame()
        self.show_head()

    def _content(self, result: dict[str, Any] | None) -> Html:
        work = self.context.work
        run = self.context.standing(self.cell.name).run
        if result is not None:
            return h("div", self._fault(), report(result), self._about(str(result.get("run", ""))), class_="stack")
        if run is None:
            return self._train_first()
        if fault := self._fault():
            return fault
        if work.state(self.id):
            words = "Looking at the rows held back for validation"
            return h("div", icon("clock"), words, class_="notice", role="status")
        return h(
            "div",
            icon("evaluation"),
            h("strong", "Not evaluated yet"),
            h("span", f"{self.cell.training} is trained. Its metrics and mistakes take a few seconds."),
            h("button", "Evaluate", class_="btn primary", type="button", data_action="again"),
            class_="empty",
        )

    def _fault(self) -> Html | None:
        fault = self.context.work.faults.get(self.id)
        if not fault:
            return None
        again = h("button", "Try again", class_="btn compact", type="button", data_action="again")
        return h("div", icon("error"), h("span", fault, class_="grow"), again, class_="notice error", role="alert")

    def _train_first(self) -> Html:
        name = self.cell.training
        known = any(cell.name == name for cell in self.context.open.notebook.cells)
        return h(
            "div",
            icon("evaluation"),
            h("strong", "Train first"),
            h(
                "span",
                f"Metrics and mistakes of {name} appear here after its first run."
                if known
                else "No training cell is chosen.",
            ),
            h("button", f"Go to {name}", class_="btn", type="button", data_reveal=f"cell:{name}")
            if known
            else self._choice(),
            class_="empty",
        )

    def _choice(self) -> Html:
        names = [cell.name for cell in self.context.open.notebook.cells if cell.kind == "training"]
        return h(
            "span",
            [h("button", f"Use {n}", class_="btn", type="button", data_action="use", data_value=n) for n in names],
            class_="row",
        )

    def _about(self, run_id: str) -> Html:
        """Which run the report is of, and the way to a new one."""
        run = RunDirectory(self.context.folder / ".weftwork" / "runs" / run_id)
        info = run.info()
        known = f"{run.state()}, {duration(float(info.get('seconds') or 0))}" if info else "no longer kept"
        busy = bool(self.context.work.state(self.id))
        return h(
            "div",
            h("span", f"Run {run_id}, {known}", class_="muted small grow"),
            weights_choice(self.cell, run),
            h(
                "button",
                icon("clock" if busy else "refresh"),
                "Evaluating" if busy else "Evaluate again",
                class_="btn ghost compact",
                type="button",
                data_action="again",
                aria_disabled="true" if busy else None,
            ),
            class_="row",
        )

    def _show_residuals(self, result: dict[str, Any] | None) -> None:
        residuals = (result or {}).get("residuals")
        wanted = str((result or {}).get("run", "")) if residuals else ""
        if wanted == self._shown_plot:
            return
        self._shown_plot = wanted
        self._figure = None
        if residuals:
            known = [
                (expected, predicted)
                for expected, predicted in zip(residuals["expected"], residuals["predicted"], strict=True)
                if expected is not None and predicted is not None
            ]
            self._figure = residual_plot([pair[0] for pair in known], [pair[1] for pair in known])
            paint_residuals(self._figure, self.context.shell.theme)
            self.plot.objects = [pn.pane.Bokeh(self._figure, sizing_mode="stretch_width", margin=0)]
        self.plot.visible = bool(residuals)

    def _heard_body(self, message: dict[str, Any]) -> None:
        if choose_weights(self.context, self.cell, message):
            return
        match message.get("action"):
            case "again":
                self.run()
            case "use":
                change = SetField(cell=self.id, field="training", value=message.get("value"))
                self.context.perform("Choose what to evaluate", change)
            case "fix":
                self.fixes.press(message)
