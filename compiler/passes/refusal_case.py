"""A node that Keras refuses, with what arrives at it: what the explanations look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ..catalogue_types import Kind
from ..changes import Change, SetParameter
from ..problems import Fix, Problem
from ..specs import Shape
from .chains import Step, steps_of_graph
from .draft import Draft
from .repairs import insert_node
from .values import shown


class Arrival(NamedTuple):
    """A wire into the node and what it brings; `shape` has no batch axis."""

    wire: str
    port: str
    source: str
    shape: Shape
    dtype: str


@dataclass(frozen=True)
class RefusalCase:
    draft: Draft
    node: str

    @property
    def kind(self) -> Kind:
        return self.draft.graph.kinds[self.node]

    @property
    def name(self) -> str:
        return self.draft.name(self.node)

    @property
    def owner(self) -> str:
        return self.draft.graph.owner(self.node)

    @property
    def params(self) -> dict[str, Any]:
        return self.draft.network.nodes[self.owner].params

    @property
    def reason(self) -> str:
        return self.draft.shapes[self.node].refused

    @cached_property
    def arrivals(self) -> tuple[Arrival, ...]:
        """What arrives, in the order of ports and positions; wires that bring nothing known are left out."""
        graph, found = self.draft.graph, []
        for port in graph.inputs[self.node]:
            for wire in graph.into[self.node].get(port.name, ()):
                source = graph.wire(wire).source
                spec = self.draft.spec(source)
                if spec is not None:
                    found.append(Arrival(wire, port.name, source.node, spec.shape[1:], spec.dtype))
        return tuple(found)

    def steps(self, node: str) -> Step | None:
        return steps_of_graph(self.draft.graph)(node)

    def set(self, node: str, parameter: str, value: Any) -> SetParameter:
        return SetParameter(cell=self.draft.network.id, node=node, parameter=parameter, value=value)

    def insert(self, arrival: Arrival, kind: str, **params: Any) -> Fix:
        shape = f" to {shown(params['target_shape'])}" if "target_shape" in params else ""
        changes = insert_node(self.draft.network, arrival.wire, kind, params)
        return Fix(f"Insert {kind}{shape} before {self.name}", changes)

    def fix(self, title: str, *changes: Change) -> Fix:
        return Fix(title, changes)

    def problem(
        self,
        code: str,
        message: str,
        *fixes: Fix | None,
        help: str = "",
        parameter: str = "",
        port: str = "",
    ) -> Problem:
        """The problem, with what each wire brings, and fixes that `keep_what_works` has yet to try."""
        related = tuple(
            (self.draft.at(arrival.source, wire=arrival.wire), f"gives {shown(arrival.shape)}")
            for arrival in self.arrivals
        )
        offered = tuple(fix for fix in fixes if fix is not None)
        at = self.draft.at(self.node, port=port, parameter=parameter)
        return Problem(code, message, at, help=help or f"Keras says: {self.reason}", related=related, fixes=offered)
