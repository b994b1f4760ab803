"""Explains what Keras refuses inside of networks that are used as nodes, at the path of the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..changes import Change
from ..document import NetworkCell, Node
from ..nesting.expressions import has_expression
from ..nesting.paths import step
from ..nesting.references import network_name
from ..nesting.uses import use_of
from ..nesting.values import with_values
from ..plugins import checks
from ..problems import Location, Problem
from ..specs import NodeShapes
from .check_plugins import check_plugins
from .draft import Draft, begin
from .explain_refusal import explain_refusal
from .number_types import check_number_types
from .try_fixes import keep_what_works


@dataclass(frozen=True, slots=True)
class _Inside:
    """One repetition: the path to it, the network that it is of, the values it got, and what is known inside."""

    path: str
    cell: NetworkCell
    values: Mapping[str, Any]
    definitions: Mapping[str, NetworkCell]
    shapes: dict[str, NodeShapes]


def check_insides(draft: Draft) -> Draft:
    """Reports each cause inside once, at the first place where it appears; the others are related.

    Equal uses of a network have the very same shapes, so each is looked at once however many there are."""
    if not draft.definitions or not draft.shapes or draft.blocked:
        return draft
    found: dict[tuple[str, str, str, str, str], Problem] = {}
    looked_at: dict[int, tuple[_Inside, list[Problem]]] = {}
    for inside in _insides("", draft.network, draft.shapes, draft.definitions):
        if id(inside.shapes) not in looked_at:
            looked_at[id(inside.shapes)] = inside, _problems(draft, inside)
        for problem in looked_at[id(inside.shapes)][1]:
            cause = (inside.cell.name, problem.at.node, problem.code, problem.at.parameter, problem.message)
            moved = _moved(draft, inside, problem)
            known = found.get(cause)
            if known is None:
                found[cause] = moved
            elif len(known.related) < _MOST_RELATED:
                found[cause] = replace(known, related=(*known.related, (moved.at, "the same here")))
    causes = {(problem.at.node, problem.code): cause[:3] for cause, problem in found.items()}
    return replace(draft.report(found.values()), inside_causes=causes)


# So many places of one cause can be read; a hundred cannot.
_MOST_RELATED = 5


def _insides(
    path: str, network: NetworkCell, shapes: Mapping[str, NodeShapes], definitions: Mapping[str, NetworkCell]
) -> Iterator[_Inside]:
    for id_, known in shapes.items():
        if not known.inside:
            continue
        node = _owner(network, id_)
        name = network_name(node.kind) or ""
        cell = definitions[name]
        inner = {other: one for other, one in definitions.items() if other != name}
        use = use_of(node, "", cell)
        for index, within in enumerate(known.inside):
            values = use.repetitions[index].values
            place = f"{path}{step(id_, index)}/"
            yield _Inside(place, cell, values, inner, within)
            if any(one.inside for one in within.values()):
                yield from _insides(place, with_values(cell, values).network, within, inner)


def _owner(network: NetworkCell, id_: str) -> Node:
    node = network.nodes[id_]
    return network.nodes.get(node.shares or "", node)


def _problems(draft: Draft, inside: _Inside) -> list[Problem]:
    """What is wrong in one repetition, in its own words and with fixes for the network that it is of."""
    refused = [id_ for id_, known in inside.shapes.items() if known.refused]
    kinds = {node.kind for node in inside.cell.nodes.values()}
    by_types = "Embedding" in kinds or any(
        spec.dtype == "string" for known in inside.shapes.values() for spec in known.outputs.values()
    )
    by_plugins = not kinds.isdisjoint(checks())
    if not refused and not by_types and not by_plugins:
        return []
    local = begin(_as_it_stands_here(inside), draft.graph.catalogue, draft.oracle, inside.definitions)
    local = replace(local, shapes=inside.shapes)
    problems = keep_what_works(local, [explain_refusal(local, id_) for id_ in refused])
    if by_types:
        problems += check_number_types(local)
    if by_plugins:
        problems += check_plugins(local).problems
    return problems


def _as_it_stands_here(inside: _Inside) -> NetworkCell:
    """The network with the values of this place, its Inputs of the shapes that arrive."""
    network = with_values(inside.cell, inside.values).network
    nodes = dict(network.nodes)
    for id_, node in network.nodes.items():
        known = inside.shapes.get(id_)
        spec = known.outputs.get("output") if known else None
        if node.kind == "Input" and spec is not None:
            params = {"shape": list(spec.shape[1:]), "dtype": spec.dtype}
            if spec.shape and spec.shape[0] is not None:
                params["batch_size"] = spec.shape[0]
            nodes[id_] = node.model_copy(update={"params": params})
    return network.model_copy(update={"nodes": nodes})


def _moved(draft: Draft, inside: _Inside, problem: Problem) -> Problem:
    def here(at: Location) -> Location:
        if at.cell != inside.cell.name or not at.node:
            return at
        return Location(draft.network.name, inside.path + at.node, at.port, at.parameter)

    return replace(
        problem,
        at=here(problem.at),
        related=tuple((here(at), message) for at, message in problem.related),
        # What is calculated or comes from outside cannot be mended by a constant inside.
        fixes=tuple(fix for fix in problem.fixes if all(_can_be_made(inside.cell, change) for change in fix.changes)),
    )


def _can_be_made(cell: NetworkCell, change: Change) -> bool:
    node = cell.nodes.get(getattr(change, "node", ""))
    if node is None:
        return True
    return node.kind != "Input" and not has_expression(node.params.get(getattr(change, "parameter", "")))
