"""Which weights of a run an evaluation or an export takes: those of its end, or those of its best epoch."""

from __future__ import annotations

from typing import Any

from ...compiler.changes import SetField
from ...compiler.document import EvaluationCell, ExportCell
from ...runtime.run_directory import BEST, LAST, RunDirectory
from ..pages.markup import Html, h
from .context import Context

_WORDS = {LAST: "Weights of the end", BEST: "Weights of the best epoch"}


def weights_choice(cell: EvaluationCell | ExportCell, run: RunDirectory | None) -> Html | None:
    """The choice; none where the run's last weights are its best, and nothing else was chosen."""
    chosen = cell.options.get("weights", LAST)
    if run is None or (chosen == LAST and not run.best_model_path.is_file()):
        return None
    options = [h("option", words, value=value, selected=value == chosen) for value, words in _WORDS.items()]
    return h(
        "select",
        options,
        class_="input",
        data_field="weights",
        aria_label=f"Weights for {cell.name}",
        data_testid=f"weights:{cell.name}",
        style="width: auto",
    )


def choose_weights(context: Context, cell: EvaluationCell | ExportCell, message: dict[str, Any]) -> bool:
    """Takes the message of the choice; whether it was one."""
    if message.get("action") != "set" or message.get("field") != "weights":
        return False
    value = BEST if message.get("value") == BEST else None
    context.perform("Choose the weights", SetField(cell=cell.id, field="options", key="weights", value=value))
    return True
