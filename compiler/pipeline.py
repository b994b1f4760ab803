"""From a notebook to its problems, shapes and Programs. The page to read first.

Every pass is a pure function in a file of its own, says what is wrong as far as it can see, and goes on. Without an
oracle the structural passes still speak; they need no Keras and take milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from . import plugins
from .catalogue import catalogue
from .document import NetworkCell, Notebook, TrainingCell
from .passes.check_cells import check_cells
from .passes.check_plugins import check_plugins
from .passes.check_training import check_training
from .passes.check_wiring import check_wiring
from .passes.draft import Draft, ShapeOracle, begin
from .passes.infer_shapes import infer_shapes
from .passes.lower import lower
from .passes.resolve_kinds import resolve_kinds
from .problems import Problem
from .program import Program
from .specs import DataDescription, NodeShapes

__all__ = ["PASSES", "Checked", "ShapeOracle", "check", "check_network"]

BEFORE_SHAPES = (
    resolve_kinds,  # Does the catalogue have each kind, and do parameters, labels and shares fit?
    check_wiring,  # Does every wire lead somewhere, every port have its wire, and everything reach an Output?
)
PASSES = (
    *BEFORE_SHAPES,
    infer_shapes,  # What does Keras say of each call, and why does it refuse one?
    check_plugins,  # What do kinds from plug-ins say of their own nodes?
    lower,  # Nothing wrong: the Program, a straight list of layers and calls.
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a notebook. `programs` holds only networks without errors; `shapes` and `programs` go by the
    cell's name, shapes then by node id."""

    problems: tuple[Problem, ...] = ()
    shapes: dict[str, dict[str, NodeShapes]] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)


def check(
    notebook: Notebook,
    *,
    oracle: ShapeOracle | None = None,
    data: Mapping[str, DataDescription] | None = None,
) -> Checked:
    """Checks a whole notebook. `data` describes data cells by name; cells that it leaves out are not held against
    their networks. A network that was checked before and has not changed is not checked again."""
    problems = [*plugins.problems(), *check_cells(notebook)]
    drafts = {network.name: check_network(network, oracle) for network in notebook.networks()}
    for draft in drafts.values():
        problems += draft.problems
    programs = {name: draft.program for name, draft in drafts.items() if draft.program is not None}
    for cell in notebook.cells:
        if isinstance(cell, TrainingCell):
            problems += check_training(notebook, cell, programs.get(cell.network), (data or {}).get(cell.data))
    return Checked(tuple(problems), {name: draft.shapes for name, draft in drafts.items()}, programs)


def check_network(network: NetworkCell, oracle: ShapeOracle | None = None) -> Draft:
    """One network through all passes. Moving nodes about changes nothing and costs nothing."""
    return _through_passes(_Question(network, oracle))


class _Question:
    """Equal when asked about the very same records: they are frozen, so the answer is the same too."""

    def __init__(self, network: NetworkCell, oracle: ShapeOracle | None) -> None:
        self.network = network
        self.oracle = oracle

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Question)
            and self.network.nodes is other.network.nodes
            and self.network.wires is other.network.wires
            and self.oracle is other.oracle
            and (self.network.id, self.network.name) == (other.network.id, other.network.name)
        )

    def __hash__(self) -> int:
        return hash((id(self.network.nodes), id(self.network.wires), id(self.oracle)))


# More networks than most notebooks have; each keeps about 1.4 KB a node.
@lru_cache(maxsize=16)
def _through_passes(question: _Question) -> Draft:
    # First checked without an oracle and then with one: what comes before the shapes is the same.
    draft = replace(_before_shapes(_Question(question.network, None)), oracle=question.oracle)
    for run_pass in PASSES[len(BEFORE_SHAPES) :]:
        draft = run_pass(draft)
    return draft


@lru_cache(maxsize=64)
def _before_shapes(question: _Question) -> Draft:
    draft = begin(question.network, catalogue())
    for run_pass in BEFORE_SHAPES:
        draft = run_pass(draft)
    return draft
