"""Checks the options of a training: their form, and the nodes that learn at a rate of their own."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import SetField, SetParameter
from ..document import NetworkCell, TrainingCell
from ..nesting.network_kinds import TRAINABLE
from ..nesting.paths import read_step, split
from ..nesting.rates import factors_of_layers, has_layers
from ..nesting.references import network_name
from ..problems import Fix, Location, Problem
from ..program import Program
from ..training_options import malformed, read_options


def check_options(cell: TrainingCell) -> Iterator[Problem]:
    """Options that cannot be meant; a run leaves none of them out silently."""
    for found in malformed(cell.options):
        what = f"{found.name} of {found.key}" if found.key else found.name
        at = Location(cell.name, parameter=f"options.{found.name}")
        fix = Fix(f"Forget {what}", (forget(cell, found.name, found.key),))
        yield Problem("T440", f"{what} must be {found.wanted}.", at, fixes=(fix,))


def check_rates(cell: TrainingCell, network: NetworkCell, program: Program) -> Iterator[Problem]:
    """Learning-rate factors of nodes without a layer of their own, and trainings that leave every weight as it is."""
    factors = read_options(cell.options).rate_factors
    names = {call.node: call.name for call in program.calls}
    for node in factors:
        if has_layers(node, program.layers) or node not in network.nodes:
            continue
        shared = network.nodes[node].shares
        why = f"takes its layer from {names.get(shared, shared)}" if shared else "has no weights that are trained"
        yield Problem(
            "T444",
            f"{names.get(node, network.nodes[node].label or node)} has a learning-rate factor, but {why}.",
            Location(cell.name, node, parameter="options.rate_factors"),
            severity="warning",
            fixes=(Fix("Forget the factor", (forget(cell, "rate_factors", node),)),),
        )
    yield from _nothing_learns(cell, network, program, factors_of_layers(factors, program.layers))


def _nothing_learns(
    cell: TrainingCell, network: NetworkCell, program: Program, factors: dict[str, float]
) -> Iterator[Problem]:
    known = {node: program.shapes[node] for node in program.layers if node in program.shapes}
    weighted = [node for node, shapes in known.items() if shapes.parameters]
    # Shapes inside a network are those of every node that stands for it; which of these is frozen, its layers say.
    frozen = {node for node in weighted if program.layers[node].params.get(TRAINABLE) is False}
    if not weighted or any(
        known[node].trainable and node not in frozen and factors.get(node) != 0 for node in weighted
    ):
        return
    thaw: list[SetField | SetParameter] = []
    for node in weighted:
        thaw += [change for change in _thawed(network, program, node) if change not in thaw]
    if any(factors.get(node) == 0 for node in weighted):
        left = {node: factor for node, factor in cell.options["rate_factors"].items() if factor != 0}
        thaw.append(SetField(cell=cell.id, field="options", key="rate_factors", value=left or None))
    yield Problem(
        "T443",
        f"Every layer of {program.name} is frozen: there is nothing left to train.",
        Location(cell.name, weighted[-1], parameter=TRAINABLE),
        fixes=(Fix("Let them all learn", tuple(thaw)),) if thaw else (),
    )


def _thawed(network: NetworkCell, program: Program, path: str) -> Iterator[SetParameter]:
    """Lets a layer learn: itself, and the nodes on the way to it that freeze all that is inside them."""
    steps, layer = split(path)
    cell = network
    for id_ in (*(read_step(step)[0] for step in steps), layer):
        node = cell.nodes[id_]
        if node.params.get(TRAINABLE) is False:
            yield SetParameter(cell=cell.id, node=id_, parameter=TRAINABLE, value=True)
        cell = program.definitions.get(network_name(node.kind) or "", cell)


def forget(cell: TrainingCell, name: str, key: str = "") -> SetField:
    """The edit that takes an option, or one of its entries, away."""
    given = cell.options.get(name)
    if not key or not isinstance(given, dict):
        return SetField(cell=cell.id, field="options", key=name, value=None)
    left = {other: value for other, value in given.items() if other != key}
    return SetField(cell=cell.id, field="options", key=name, value=left or None)
