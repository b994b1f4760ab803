"""Holds every node against the catalogue: its kind, parameters, label, and whose weights it shares."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from ..catalogue import catalogue
from ..catalogue_types import Kind
from ..changes import Change, RemoveNode, SetKind, SetParameter, SetShares, UnsetParameter
from ..code.kinds import FAMILY, NOT_ALLOWED
from ..code.lambda_layers import holds_code
from ..document import Node
from ..identity import Same
from ..nesting.network_kinds import GROUP
from ..nesting.references import network_name
from ..problems import Fix, Problem
from .check_labels import check_labels
from .draft import Draft
from .find_faults import find_faults

ALLOW = "Allow this notebook's code"
_LAMBDA_HELP = (
    "Allow it at the top of the page, or with --allow-code, if you trust where it comes from: it then stands in a code "
    "cell, as a layer of this notebook's own."
)


def resolve_kinds(draft: Draft) -> Draft:
    """Reports unknown kinds, parameters that do not fit, bad labels and shares that lead nowhere."""
    problems: list[Problem] = []
    for node_id, node in draft.network.nodes.items():
        kind = draft.graph.kinds.get(node_id)
        if kind is None:
            problems.append(_unknown_kind(draft, node_id))
            continue
        if kind.group == GROUP:
            problems += _shares(draft, node_id) if node.shares is not None else ()
            continue  # Its arguments differ from repetition to repetition: `check_uses`.
        if node.shares is not None:
            problems += _shares(draft, node_id)
        # The same name may be another layer after an edit of the code.
        if kind.unbuildable or kind.family == FAMILY or not _is_sound(Same(node)):
            problems += _parameters(draft, node_id)
    return draft.report([*problems, *check_labels(draft)])


def _unknown_kind(draft: Draft, node_id: str) -> Problem:
    cell, kind = draft.network, draft.network.nodes[node_id].kind
    name = network_name(kind)
    if name is not None:
        return Problem(
            "P317",
            f"{draft.name(node_id)} stands for the network {name}, which does not exist.",
            draft.at(node_id),
            help="Only the network cells of this notebook can be used as nodes.",
            fixes=(Fix(f"Remove {draft.name(node_id)}", (RemoveNode(cell=cell.id, node=node_id),)),),
        )
    fixes = [
        Fix(f"Make it {_a(close)}", (SetKind(cell=cell.id, node=node_id, kind=close),))
        for close in closest_kinds(draft, kind)
    ]
    fixes.append(Fix(f"Remove {draft.name(node_id)}", (RemoveNode(cell=cell.id, node=node_id),)))
    return Problem(
        "P301",
        f"{draft.name(node_id)} is {_a(kind)}, a kind that does not exist here.",
        draft.at(node_id),
        help="It may come from a plug-in that is not installed, or from another version of Keras.",
        fixes=tuple(fixes),
    )


def closest_kinds(draft: Draft, name: str) -> list[str]:
    """The one kind whose name, synonym or unprefixed name is nearest, if any is near."""
    names: dict[str, str] = {}
    for kind in draft.graph.catalogue.kinds.values():
        for word in (*kind.synonyms, kind.name):
            names[word.lower()] = kind.name
    return [names[word] for word in get_close_matches(name.lower(), names, n=1, cutoff=0.7)]


def _shares(draft: Draft, node_id: str) -> Iterator[Problem]:
    cell, node = draft.network, draft.network.nodes[node_id]
    name = draft.name(node_id)
    own = Fix(f"Give {name} weights of its own", (SetShares(cell=cell.id, node=node_id, shares=None),))
    at = draft.at(node_id)
    if node.shares not in cell.nodes:
        yield Problem("P308", f"{name} shares the weights of a node that is not there.", at, fixes=(own,))
    elif draft.graph.owner(node_id) == node_id:
        yield Problem("P310", f"{name} shares its own weights.", at, fixes=(own,))
    elif cell.nodes[node.shares].kind != node.kind:
        other = cell.nodes[node.shares].kind
        yield Problem(
            "P309",
            f"{name} is {_a(node.kind)} and cannot share the weights of {draft.name(node.shares)}, {_a(other)}.",
            at,
            related=((draft.at(node.shares), f"is {_a(other)}"),),
            fixes=(own,),
        )


def _parameters(draft: Draft, node_id: str) -> Iterator[Problem]:
    cell, node, kind = draft.network, draft.network.nodes[node_id], draft.graph.kinds[node_id]
    if kind.unbuildable:
        if kind.family == FAMILY:
            yield _own_code(draft, node_id, kind)
            return
        owner = cell.nodes.get(node.shares or node_id, node)
        if holds_code(owner):
            message = (
                f"{draft.name(node_id)} is a Lambda layer with code of its own, which has not been allowed to run."
            )
            yield Problem("P330", message, draft.at(node_id), help=_LAMBDA_HELP, fixes=(Fix(ALLOW, ()),))
            return
        remove = Fix(f"Remove {draft.name(node_id)}", (RemoveNode(cell=cell.id, node=node_id),))
        message = f"{draft.name(node_id)} cannot be built: {kind.unbuildable}"
        yield Problem("P313", message, draft.at(node_id), fixes=(remove,))
        return
    if node.shares is not None:
        return  # The owner's parameters count.
    for fault in find_faults(node.params, kind.parameters, draft.name(node_id), from_wires=_ports(kind)):
        yield Problem(
            fault.code,
            fault.message,
            draft.at(node_id, parameter=".".join(fault.path)),
            help=fault.help,
            fixes=tuple(
                Fix(title, _parameter_changes(cell.id, node_id, node.params, params)) for title, params in fault.repairs
            ),
        )


def _own_code(draft: Draft, node_id: str, kind: Kind) -> Problem:
    """A layer of the notebook's own code that may not run, or cannot."""
    name = draft.name(node_id)
    if kind.unbuildable != NOT_ALLOWED:
        return Problem("P331", f"{name} cannot be built: {kind.unbuildable}.", draft.at(node_id))
    return Problem(
        "P330",
        f"{name} is {_a(kind.name)} of this notebook's own code, which has not been allowed to run.",
        draft.at(node_id),
        help="Read the code cells, then allow this notebook's code: at the top of the page, or with --allow-code.",
        fixes=(Fix(ALLOW, ()),),
    )


# An edit leaves all other nodes the very same, so that what was said of them holds.
@lru_cache(maxsize=20_000)
def _is_sound(same: Same[Node]) -> bool:
    """Whether the arguments of a node of known kind have no fault."""
    kind = catalogue().kinds[same.value.kind]
    return next(find_faults(same.value.params, kind.parameters, "", from_wires=_ports(kind)), None) is None


def _ports(kind: Kind) -> frozenset[str]:
    return frozenset(port.name for port in kind.inputs)


def _parameter_changes(cell: str, node: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    unset = [UnsetParameter(cell=cell, node=node, parameter=name) for name in before if name not in after]
    changed = [
        SetParameter(cell=cell, node=node, parameter=name, value=value)
        for name, value in after.items()
        if name not in before or before[name] is not value
    ]
    return (*unset, *changed)


def _a(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiou' or word.startswith('LSTM') else 'a'} {word}"
