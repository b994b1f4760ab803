"""Adding, moving, doubling, folding and removing cells: what menus, keys and the mouse all do."""

from __future__ import annotations

from ...compiler.changes import AddCell, MoveCell, RemoveCell, SetField
from ...compiler.document import AnyCell, UnknownCell
from ...compiler.duplicate_cell import duplicate
from .context import Context
from .new_cell import ADDABLE, new_cell


class CellGestures:
    """Gestures of one tab. Each that makes a cell gives its id, "" where it was refused."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @property
    def cells(self) -> tuple[AnyCell | UnknownCell, ...]:
        return self.context.open.notebook.cells

    def place(self, cell_id: str) -> int | None:
        """Where a cell stands, None where it is gone."""
        return next((index for index, cell in enumerate(self.cells) if cell.id == cell_id), None)

    def add(self, kind: str, index: int) -> str:
        """Adds a cell of a kind before the one that stands at `index`."""
        if kind not in ADDABLE:
            return ""
        cell = new_cell(kind, self.context.open.notebook)
        return cell.id if self.context.did(f"Add {kind} cell", AddCell(cell=cell, index=index)) else ""

    def duplicate(self, cell_id: str, after: str = "") -> str:
        """Puts a copy of a cell below it, or below the cell `after`."""
        index, place = self.place(cell_id), self.place(after or cell_id)
        if index is None:
            return ""
        cell = self.cells[index]
        copy = duplicate(self.context.open.notebook, cell)
        change = AddCell(cell=copy, index=(index if place is None else place) + 1)
        return copy.id if self.context.did(f"Duplicate {cell.name}", change) else ""

    def move(self, cell_id: str, index: int) -> None:
        """Moves a cell to a place, counted as if it were not there itself."""
        place = self.place(cell_id)
        if place is not None and index != place and 0 <= index < len(self.cells):
            self.context.perform(f"Move {self.cells[place].name}", MoveCell(cell=cell_id, index=index))

    def step(self, cell_id: str, by: int) -> None:
        """Moves a cell up (-1) or down (1)."""
        place = self.place(cell_id)
        if place is not None:
            self.move(cell_id, place + by)

    def fold(self, cell_id: str) -> None:
        """Hides all but the head of a cell, or shows it again."""
        place = self.place(cell_id)
        if place is not None:
            cell = self.cells[place]
            word = "Unfold" if cell.folded else "Fold"
            self.context.perform(f"{word} {cell.name}", SetField(cell=cell_id, field="folded", value=not cell.folded))

    def remove(self, cell_id: str) -> str:
        """Removes a cell; gives the id of the one that takes its place on the page."""
        place = self.place(cell_id)
        if place is None:
            return ""
        left = [cell.id for cell in self.cells if cell.id != cell_id]
        if not self.context.did(f"Delete {self.cells[place].name}", RemoveCell(cell=cell_id)):
            return cell_id
        return left[min(place, len(left) - 1)] if left else ""
