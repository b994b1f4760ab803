"""From a notebook to its problems, shapes and Programs. The page to read first.

Every pass is a pure function in a file of its own, says what is wrong as far as it can see, and goes on. Without an
oracle the structural passes still speak; they need no Keras and take milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from . import plugins
from .catalogue import catalogue
from .code.at_hand import kinds_at_hand, with_kinds_of
from .document import NetworkCell, Notebook, TrainingCell
from .nesting.references import definitions_of, networks_by_name
from .passes.check_cells import check_cells
from .passes.check_code import check_code
from .passes.check_insides import check_insides
from .passes.check_networks import check_networks, once_in_the_notebook, within_definitions
from .passes.check_plugins import check_plugins
from .passes.check_training import check_training
from .passes.check_uses import check_uses
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
    check_uses,  # Do nodes that stand for networks, and arguments that are calculated, come to something?
)
PASSES = (
    *BEFORE_SHAPES,
    infer_shapes,  # What does Keras say of each call, and why does it refuse one?
    check_insides,  # And of the calls inside of networks that are used as nodes?
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
    allowed: Collection[str] = (),
) -> Checked:
    """Checks a whole notebook. `data` describes data cells by name; cells that it leaves out are not held against
    their networks. A network that was checked before and has not changed is not checked again. `allowed` has the
    hashes of the code that may run; layers of other code are problems where they are used."""
    with with_kinds_of(notebook, allowed):
        return _check(notebook, oracle, data)


def _check(notebook: Notebook, oracle: ShapeOracle | None, data: Mapping[str, DataDescription] | None) -> Checked:
    problems = [*plugins.problems(), *check_cells(notebook), *check_code(notebook), *check_networks(notebook)]
    networks = networks_by_name(notebook)
    drafts = {network.name: check_network(network, oracle, networks) for network in notebook.networks()}
    problems += once_in_the_notebook(notebook, drafts)
    programs = {name: draft.program for name, draft in drafts.items() if draft.program is not None}
    for cell in notebook.cells:
        if isinstance(cell, TrainingCell):
            found = check_training(notebook, cell, programs.get(cell.network), (data or {}).get(cell.data))
            problems += within_definitions(found, networks.get(cell.network), networks)
    return Checked(tuple(problems), {name: draft.shapes for name, draft in drafts.items()}, programs)


def check_network(
    network: NetworkCell,
    oracle: ShapeOracle | None = None,
    networks: Mapping[str, NetworkCell] | None = None,
) -> Draft:
    """One network through all passes; `networks` are those that its nodes may stand for, by name. Moving nodes about
    changes nothing and costs nothing."""
    return _through_passes(_Question(network, oracle, definitions_of(network, networks or {})))


class _Question:
    """Equal when asked about the very same records: they are frozen, so the answer is the same too."""

    def __init__(
        self, network: NetworkCell, oracle: ShapeOracle | None, definitions: Mapping[str, NetworkCell]
    ) -> None:
        self.network = network
        self.oracle = oracle
        self.definitions = definitions
        self.records: list[tuple[object, ...]] = [_records(cell) for cell in (network, *definitions.values())]
        self.records.append(kinds_at_hand())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Question)
            and self.oracle is other.oracle
            and len(self.records) == len(other.records)
            and [len(mine) for mine in self.records] == [len(others) for others in other.records]
            and all(
                one is another or (isinstance(one, str) and one == another)
                for mine, others in zip(self.records, other.records, strict=True)
                for one, another in zip(mine, others, strict=True)
            )
        )

    def __hash__(self) -> int:
        return hash((id(self.network.nodes), id(self.network.wires), id(self.oracle)))

    def without_oracle(self) -> _Question:
        return _Question(self.network, None, self.definitions)

    def of(self, name: str) -> _Question:
        """The question about one of the networks that are used here."""
        return _Question(self.definitions[name], None, definitions_of(self.definitions[name], self.definitions))


def _records(cell: NetworkCell) -> tuple[object, ...]:
    return cell.nodes, cell.wires, cell.parameters, cell.id, cell.name


# More networks than most notebooks have; each keeps about 1.4 KB a node.
@lru_cache(maxsize=32)
def _through_passes(question: _Question) -> Draft:
    # First checked without an oracle and then with one: what comes before the shapes is the same.
    before = question.without_oracle()
    draft = _before_shapes(before)
    blocked = draft.blocked or any(_before_shapes(before.of(name)).has_errors for name in question.definitions)
    draft = replace(draft, oracle=question.oracle, blocked=blocked)
    for run_pass in PASSES[len(BEFORE_SHAPES) :]:
        draft = run_pass(draft)
    return draft


# Asked for each network by all that are around it.
@lru_cache(maxsize=512)
def _before_shapes(question: _Question) -> Draft:
    draft = begin(question.network, catalogue(), definitions=question.definitions)
    for run_pass in BEFORE_SHAPES:
        draft = run_pass(draft)
    return draft
