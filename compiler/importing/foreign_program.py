"""The Program of a network that has placeholders, in which each is a layer that only has shapes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..code.at_hand import with_kinds
from ..code.kinds import code_kinds
from ..document import NetworkCell, Notebook
from ..nesting.references import definitions_of, networks_by_name
from ..pipeline import ShapeOracle, check_network
from ..problems import Problem
from ..program import Program
from .foreign_layers import Foreign, placeholders_of, with_stand_ins


@dataclass(frozen=True)
class ForeignProgram:
    """`program` is None where the network has problems of other sorts. `foreign` are the placeholders by the kinds of
    the layers that stand for them; it is empty for a network without."""

    program: Program | None
    foreign: Mapping[str, Foreign]
    problems: tuple[Problem, ...] = ()


def foreign_program(
    notebook: Notebook, cell: NetworkCell, oracle: ShapeOracle | None, allowed: Collection[str] = ()
) -> ForeignProgram:
    """Lays out a network of the notebook whatever layers it holds. Without an oracle no shapes are known."""
    own = code_kinds(notebook, allowed)
    networks = definitions_of(cell, networks_by_name(notebook))
    with with_kinds(own):
        if not placeholders_of([*networks.values(), cell]):
            return ForeignProgram(None, {})
        (*inner, whole), foreign, kinds = with_stand_ins([*networks.values(), cell])
    with with_kinds((*own, *kinds)):
        draft = check_network(whole, oracle, {one.name: one for one in inner})
    return ForeignProgram(draft.program, foreign, tuple(draft.problems))
