"""The whole vocabulary of edits. `apply_change.py` carries them out; nothing else edits a notebook.

`cell` is always a cell's id, so that renaming and editing can cross. A gesture of the user is a list of
changes; history and journal keep gestures.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from .document import KnownCell, Mark, Node, Position, UnknownCell, Wire


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AddCell(_Change):
    """Puts a cell before the one that stands at `index`; None: at the end."""

    change: Literal["add-cell"] = "add-cell"
    cell: KnownCell | UnknownCell
    index: int | None = None


class RemoveCell(_Change):
    change: Literal["remove-cell"] = "remove-cell"
    cell: str


class MoveCell(_Change):
    change: Literal["move-cell"] = "move-cell"
    cell: str
    index: int


class RenameCell(_Change):
    """Renames a cell and every reference to it."""

    change: Literal["rename-cell"] = "rename-cell"
    cell: str
    name: str


class SetField(_Change):
    """Sets one field of a cell (`text`, `epochs`, `optimizer`, …). With `key`, one entry of a mapping field;
    a `value` of None removes that entry."""

    change: Literal["set-field"] = "set-field"
    cell: str
    field: str
    key: str | None = None
    value: Any = None


class AddNode(_Change):
    change: Literal["add-node"] = "add-node"
    cell: str
    id: str
    node: Node
    position: Position = Position(0, 0)


class RemoveNode(_Change):
    """Removes a node, its wires and its place. Nodes that shared its weights: the first of them becomes the owner."""

    change: Literal["remove-node"] = "remove-node"
    cell: str
    node: str


class SetParameter(_Change):
    change: Literal["set-parameter"] = "set-parameter"
    cell: str
    node: str
    parameter: str
    value: Any


class UnsetParameter(_Change):
    """Gives a parameter its default again."""

    change: Literal["unset-parameter"] = "unset-parameter"
    cell: str
    node: str
    parameter: str


class SetLabel(_Change):
    change: Literal["set-label"] = "set-label"
    cell: str
    node: str
    label: str


class SetMuted(_Change):
    change: Literal["set-muted"] = "set-muted"
    cell: str
    node: str
    muted: bool


class SetShares(_Change):
    """Makes a node a further call of the layer of node `shares`; None gives it weights of its own."""

    change: Literal["set-shares"] = "set-shares"
    cell: str
    node: str
    shares: str | None


class SetRepeat(_Change):
    """How often a node that stands for a network is repeated, with whose weights, and what the repetitions are
    called."""

    change: Literal["set-repeat"] = "set-repeat"
    cell: str
    node: str
    repeat: int | dict[str, Any] = 1
    weights: Literal["fresh", "shared"] = "fresh"
    names: tuple[str, ...] = ()


class SetKind(_Change):
    """Swaps a node's kind and keeps the parameters and wires that fit."""

    change: Literal["set-kind"] = "set-kind"
    cell: str
    node: str
    kind: str


class Connect(_Change):
    """Adds a wire. One that already ends in a port for a single wire gives way; in a port that takes a list the
    wire takes the next position where its own is taken."""

    change: Literal["connect"] = "connect"
    cell: str
    id: str
    wire: Wire


class Disconnect(_Change):
    change: Literal["disconnect"] = "disconnect"
    cell: str
    wire: str


class MoveNodes(_Change):
    change: Literal["move-nodes"] = "move-nodes"
    cell: str
    positions: dict[str, Position]


class PutMark(_Change):
    """Draws a frame, a note or the point of a wire, or draws it anew."""

    change: Literal["put-mark"] = "put-mark"
    cell: str
    id: str
    mark: Mark


class RemoveMark(_Change):
    change: Literal["remove-mark"] = "remove-mark"
    cell: str
    id: str


class RestoreRecords(_Change):
    """Puts records back as they were: what undo and redo are made of.

    A record's address is `("cells",)` for the order of cells, `(cell,)` for a cell without its parts, and
    `(cell, "nodes" | "wires" | "layout" | "marks", id)`. `expected` must hold, else a newer gesture is in the way."""

    change: Literal["restore-records"] = "restore-records"
    records: tuple[tuple[tuple[str, ...], Any], ...]
    expected: tuple[tuple[tuple[str, ...], Any], ...]


NetworkChange = (
    AddNode
    | RemoveNode
    | SetParameter
    | UnsetParameter
    | SetLabel
    | SetMuted
    | SetShares
    | SetRepeat
    | SetKind
    | Connect
    | Disconnect
    | MoveNodes
    | PutMark
    | RemoveMark
)

Change = Annotated[
    AddCell | RemoveCell | MoveCell | RenameCell | SetField | NetworkChange | RestoreRecords,
    Field(discriminator="change"),
]

_CHANGES: TypeAdapter[list[Change]] = TypeAdapter(list[Change])


class ChangeError(Exception):
    """A change that cannot be made; the message tells the user why."""


def changes_from_json(items: list[dict[str, Any]]) -> list[Change]:
    """The changes that plain data describe. Raises ChangeError, naming the first that is malformed."""
    from pydantic import ValidationError

    try:
        return _CHANGES.validate_python(items)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ChangeError(f"change {place}: {first['msg']}") from error
