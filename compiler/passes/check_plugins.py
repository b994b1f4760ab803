"""Lets kinds from plug-ins check their own nodes."""

from __future__ import annotations

from ..plugins import checks, run_check
from ..problems import Problem
from ..specs import TensorSpec
from .draft import Draft


def check_plugins(draft: Draft) -> Draft:
    """Runs the check of each node whose kind brings one and whose inputs are known and sound."""
    own = checks()
    if not own:
        return draft
    faulty, problems = draft.faulty(), list[Problem]()
    for node_id, node in draft.network.nodes.items():
        if node.kind in own and node_id not in faulty and not node.muted:
            specs = _arriving(draft, node_id)
            if specs is not None:
                problems += run_check(node, specs, draft.at(node_id))
    return draft.report(problems)


def _arriving(draft: Draft, node_id: str) -> dict[str, TensorSpec | tuple[TensorSpec, ...]] | None:
    """The specs at each wired port; None while one is unknown."""
    graph = draft.graph
    specs: dict[str, TensorSpec | tuple[TensorSpec, ...]] = {}
    for port, wires in graph.into[node_id].items():
        found = [draft.spec(graph.wire(wire).source) for wire in wires]
        known = tuple(spec for spec in found if spec is not None)
        if len(known) < len(found):
            return None
        declared = graph.port(node_id, port)
        specs[port] = known if declared is not None and declared.many else known[0]
    return specs
