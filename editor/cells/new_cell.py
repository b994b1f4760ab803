"""Cells that can be added, and what a new one of each kind is like."""

from __future__ import annotations

from typing import Any

from ...compiler.cell_graph import fresh_name
from ...compiler.document import (
    AnyCell,
    CodeCell,
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
    UnknownCell,
    new_id,
)

ADDABLE = {
    "text": ("Text", "Prose in Markdown, with maths and live values"),
    "data": ("Data", "An example set, a CSV, an NPZ or a folder of images"),
    "network": ("Network", "A canvas to draw on"),
    "training": ("Training", "Settings, Run, and live plots"),
    "evaluation": ("Evaluation", "Metrics, confusion, worst mistakes"),
    "code": ("Code", "Python with the notebook's objects at hand"),
    "export": ("Export", "Python, Jupyter, SavedModel, .keras"),
}


def new_cell(kind: str, notebook: Notebook) -> AnyCell | UnknownCell:
    """A cell of that kind under a free name, which uses the last cells that it can use."""

    def last(wanted: str) -> str:
        return next((cell.name for cell in reversed(notebook.cells) if cell.kind == wanted), "")

    identity: dict[str, Any] = {"id": new_id(kind), "name": fresh_name(notebook, kind)}
    match kind:
        case "data":
            return DataCell(**identity)
        case "network":
            return NetworkCell(**identity)
        case "training":
            return TrainingCell(**identity, network=last("network"), data=last("data"))
        case "evaluation":
            return EvaluationCell(**identity, training=last("training"))
        case "export":
            return ExportCell(**identity, training=last("training"))
        case "code":
            return CodeCell(**identity)
        case _:
            return TextCell(**identity)
