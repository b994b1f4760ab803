"""The view of each kind of cell."""

from __future__ import annotations

from ...compiler.document import AnyCell, UnknownCell
from .cell_view import CellView
from .code_cell import CodeCellView
from .context import Context
from .data_cell import DataCellView
from .evaluation_cell import EvaluationCellView
from .export_cell import ExportCellView
from .network_cell import NetworkCellView
from .text_cell import TextCellView
from .training_cell import TrainingCellView
from .unknown_cell import UnknownCellView

VIEWS: dict[str, type[CellView]] = {
    "text": TextCellView,
    "data": DataCellView,
    "network": NetworkCellView,
    "training": TrainingCellView,
    "evaluation": EvaluationCellView,
    "export": ExportCellView,
    "code": CodeCellView,
}


def view_of(context: Context, cell: AnyCell | UnknownCell) -> CellView:
    return VIEWS.get(cell.kind, UnknownCellView)(context, cell)
