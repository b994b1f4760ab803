"""The notebook: frozen, flat records that refer to each other by id or by cell name.

Pure data. Nothing here reads files, knows Keras or checks meaning; `changes.py` says how a notebook
may be edited and `pipeline.py` what is wrong with one.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1

# Crockford's base 32: no letters that are mistaken for digits.
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(kind: str) -> str:
    """A fresh id: the kind in lower case, `_`, four random base-32 characters."""
    words = kind.removeprefix("network:").rsplit(".", 1)[-1].lower()
    stem = "".join(c for c in words if c.isascii() and c.isalnum())[:24] or "node"
    return stem + "_" + "".join(secrets.choice(_ID_ALPHABET) for _ in range(4))


class Record(BaseModel):
    """A frozen record; fields that this version does not know are kept and written back."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Source(NamedTuple):
    """Where a wire begins."""

    node: str
    port: str = "output"


class Target(NamedTuple):
    """Where a wire ends; `position` orders the wires of a port that takes a list."""

    node: str
    port: str = "inputs"
    position: int = 0


class Position(NamedTuple):
    x: float
    y: float


class Node(Record):
    """A call of a layer or operation.

    `params` are the user's own arguments. `shares` names the node whose layer (and weights) this node calls
    again. An argument that is itself a Keras object is `{"kind": "HeNormal", "params": {"seed": 1}}`; one that is
    calculated from the network's parameters is `{"expression": "filters * 2"}`.

    A node of kind `network:<cell name>` stands for the network of that cell: its ports are the Inputs and Outputs
    there, its `params` that network's parameters. It is repeated `repeat` times, each feeding the next, with `fresh`
    or `shared` weights; `names` are the repetitions' own names, and `{"each": [16, 32]}` is a value for each of them.
    `renamed` has, for layers inside (by their paths) that are not called after the repetition, a name for each of them.
    """

    kind: str
    params: dict[str, Any] = Field(default_factory=dict)
    label: str = ""
    muted: bool = False
    shares: str | None = None
    repeat: int | dict[str, Any] = 1
    weights: Literal["fresh", "shared"] = "fresh"
    names: tuple[str, ...] = ()
    renamed: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Wire(Record):
    source: Source
    target: Target


class Mark(Record):
    """A frame around nodes with its title, a note, or a point that a wire is led through: for readers alone.

    `colour` names one of theme.css. The points of `wire` go by `order`; the box of a point is that of its knob."""

    kind: Literal["frame", "note", "point"]
    x: float
    y: float
    width: float = Field(ge=1)
    height: float = Field(ge=1)
    text: str = ""
    colour: str = "grey"
    wire: str = ""
    order: float = 0.0


class Choice(Record):
    """A Keras object by class name and arguments: an optimizer, a loss, a metric, a callback."""

    kind: str
    params: dict[str, Any] = Field(default_factory=dict)


class Cell(Record):
    """`folded` hides all but the head of a cell on the page."""

    id: str
    name: str
    folded: bool = False


class TextCell(Cell):
    kind: Literal["text"] = "text"
    text: str = ""


class Split(Record):
    """How rows are parted. `validation` is a share of the rows; `by` is `random`, `stratified`, `group`, `time`,
    `column` or `auto` (what the data suggest). With `column`, rows are held back whose entry in that column is one of
    `held_out`."""

    validation: float = 0.2
    seed: int = 0
    by: str = "auto"
    column: str = ""
    held_out: tuple[str, ...] = ()


class Preparation(Record):
    """One preparation step, fitted on the training part: `standardise`, `one_hot`, `rescale`, …

    `columns` empty means every column that the step fits."""

    step: str
    columns: tuple[str, ...] = ()
    params: dict[str, Any] = Field(default_factory=dict)


class DataCell(Cell):
    """`source` is `gallery`, `csv` (TSV too), `parquet`, `jsonl`, `npz`, `npy`, `images`, `keras` or `code`; `location`
    a set's name, a path relative to the notebook, or for `code` a code cell and its function, `cell.function`.

    `types` corrects what a column is taken for: `number`, `whole`, `category`, `yes_no`, `text` or `time`; `roles` maps
    a column to `feature`, `target`, `weight`, `group`, `time` or `ignore`."""

    kind: Literal["data"] = "data"
    source: str = "gallery"
    location: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    types: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, str] = Field(default_factory=dict)
    split: Split = Split()
    preparation: tuple[Preparation, ...] = ()


class NetworkParameter(Record):
    """What a node that stands for a network may set. `type` and the range are those of `catalogue_types.Parameter`."""

    default: Any = None
    type: str = "json"
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()
    help: str = ""


class StartWeights(Record):
    """Weights with which a network begins instead of random ones: a file beside the notebook, by layers' names.
    `digest` is the sha256 of what is in it."""

    file: str
    digest: str = ""


class NetworkCell(Cell):
    """`layout` has the place of each node; frames, notes and the points of wires are `marks`."""

    kind: Literal["network"] = "network"
    parameters: dict[str, NetworkParameter] = Field(default_factory=dict)
    nodes: dict[str, Node] = Field(default_factory=dict)
    wires: dict[str, Wire] = Field(default_factory=dict)
    layout: dict[str, Position] = Field(default_factory=dict)
    marks: dict[str, Mark] = Field(default_factory=dict)
    weights: StartWeights | None = None


class TrainingCell(Cell):
    """`inputs` and `targets` map the id of an Input or Output node to a data field; a target may also be the id
    of an Input node (autoencoder). `losses` and `metrics` go by Output id. What is left out is chosen by
    `training_choices.py`."""

    kind: Literal["training"] = "training"
    network: str = ""
    data: str = ""
    inputs: dict[str, str] = Field(default_factory=dict)
    targets: dict[str, str] = Field(default_factory=dict)
    losses: dict[str, Choice] = Field(default_factory=dict)
    metrics: dict[str, tuple[Choice, ...]] = Field(default_factory=dict)
    optimizer: Choice = Choice(kind="Adam")
    callbacks: tuple[Choice, ...] = ()
    batch_size: int = 32
    epochs: int = 10
    seed: int = 0
    options: dict[str, Any] = Field(default_factory=dict)


class EvaluationCell(Cell):
    kind: Literal["evaluation"] = "evaluation"
    training: str = ""
    options: dict[str, Any] = Field(default_factory=dict)


class ExportCell(Cell):
    kind: Literal["export"] = "export"
    training: str = ""
    options: dict[str, Any] = Field(default_factory=dict)


class CodeCell(Cell):
    kind: Literal["code"] = "code"
    code: str = ""


class UnknownCell(Cell):
    """A cell of a kind that this version does not know: shown as a placeholder, written back untouched."""

    kind: str


AnyCell = TextCell | DataCell | NetworkCell | TrainingCell | EvaluationCell | ExportCell | CodeCell
KnownCell = Annotated[AnyCell, Field(discriminator="kind")]


class Notebook(Record):
    format: int = FORMAT
    cells: tuple[KnownCell | UnknownCell, ...] = ()

    def cell(self, name: str) -> AnyCell | UnknownCell:
        """The cell of that name. Raises KeyError."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise KeyError(name)

    def cell_by_id(self, cell_id: str) -> AnyCell | UnknownCell:
        """The cell with that id. Raises KeyError."""
        for cell in self.cells:
            if cell.id == cell_id:
                return cell
        raise KeyError(cell_id)

    def with_cell(self, cell: AnyCell | UnknownCell) -> Notebook:
        """The notebook in which `cell` stands in the place of the cell with its id."""
        return self.model_copy(update={"cells": tuple(cell if old.id == cell.id else old for old in self.cells)})

    def networks(self) -> tuple[NetworkCell, ...]:
        return tuple(cell for cell in self.cells if isinstance(cell, NetworkCell))
