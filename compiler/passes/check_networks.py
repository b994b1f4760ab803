"""Checks networks among each other: what one use says, its definition need not say again; and two that are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..changes import AddNode, Change, Connect, Disconnect, RemoveNode, SetParameter, UnsetParameter
from ..document import NetworkCell, Notebook, TrainingCell
from ..nesting.expressions import has_expression
from ..nesting.merge_equal import equal_networks, merged
from ..nesting.paths import read_step, split
from ..nesting.references import network_name, used_networks
from ..problems import Fix, Location, Problem
from .draft import Draft


def check_networks(notebook: Notebook) -> Iterator[Problem]:
    """Networks of equal content, of which one would do."""
    for kept, spare in equal_networks(notebook):
        yield Problem(
            "W115",
            f"{spare.name} is the same as {kept.name}.",
            Location(spare.name),
            severity="info",
            help="As one network, a change to it changes every use.",
            related=((Location(kept.name), "has the same content"),),
            fixes=(Fix(f"Use {kept.name} for both", tuple(merged(notebook, kept, spare))),),
        )


def once_in_the_notebook(notebook: Notebook, drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    """The problems of all networks. A network that only stands in others is held against the shapes that it gets
    there; by its own Inputs' shapes nothing is built, so what Keras refuses then is no error."""
    trained = {cell.network for cell in notebook.cells if isinstance(cell, TrainingCell)}
    used = {name for network in notebook.networks() for name in used_networks(network)}
    told_by: set[tuple[str, str, str]] = set()
    parts = used - trained
    for name, draft in drafts.items():
        for cause in draft.inside_causes.values() if name not in parts else ():
            told_by.add(cause)
    for name, draft in drafts.items():
        for problem in draft.problems:
            if name in parts and problem.code.startswith("S"):
                own = (name, problem.at.node, problem.code)
                cause = draft.inside_causes.get((problem.at.node, problem.code), own)
                if cause in told_by:
                    continue
                if problem.severity == "error":
                    problem = replace(problem, severity="warning")
            yield problem


def within_definitions(
    problems: Iterable[Problem], network: NetworkCell | None, networks: Mapping[str, NetworkCell]
) -> Iterator[Problem]:
    """The problems with fixes that change a place inside another network turned to that network, where they can be."""
    for problem in problems:
        fixes = []
        for fix in problem.fixes:
            changes = [_within(change, network, networks) for change in fix.changes]
            if all(changes):
                fixes.append(Fix(fix.title, tuple(change for change in changes if change is not None)))
        yield problem if len(fixes) == len(problem.fixes) == 0 else replace(problem, fixes=tuple(fixes))


def _within(change: Change, network: NetworkCell | None, networks: Mapping[str, NetworkCell]) -> Change | None:
    path = getattr(change, "node", None)
    if isinstance(change, AddNode | Connect | Disconnect | RemoveNode) or not isinstance(path, str) or "/" not in path:
        inside = isinstance(change, Connect) and ("/" in change.wire.source.node or "/" in change.wire.target.node)
        return None if inside else change
    if network is None or not isinstance(change, SetParameter | UnsetParameter):
        return None
    steps, node = split(path)
    cell = network
    for one in steps:
        outer = cell.nodes.get(read_step(one)[0])
        name = network_name(outer.kind) if outer else None
        if name is None or name not in networks:
            return None
        cell = networks[name]
    if node not in cell.nodes or has_expression(cell.nodes[node].params.get(change.parameter)):
        return None
    return change.model_copy(update={"cell": cell.id, "node": node})
