"""Networks with placeholders as networks that can be laid out: each placeholder gets a kind of its own, whose shapes
are those that the file told. Pure; what is built of them imports Keras.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..catalogue import catalogue
from ..catalogue_types import Kind, Port
from ..code.kinds import FAMILY, PACKAGE, CodeKind
from ..code.slices import Statement
from ..document import NetworkCell, Node

# Arguments by which layers of all sorts call the size of their last axis.
_LAST_AXIS = ("units", "filters", "output_dim")


@dataclass(frozen=True)
class Foreign:
    """A placeholder that owns its weights. `calls` are its uses by node id: what was written of each."""

    name: str
    node: Node
    calls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def entry(self) -> dict[str, Any]:
        """What the file said of the layer, its config and name aside."""
        imported = _imported(self.node)
        return {key: value for key, value in imported.items() if key not in ("call", "outputs", "code")}

    @property
    def class_name(self) -> str:
        return str(self.entry.get("class_name") or self.node.kind.rpartition(">")[2].rpartition(".")[2])

    @property
    def outputs(self) -> list[Any]:
        outputs = _imported(self.node).get("outputs")
        known = outputs if isinstance(outputs, list) else []
        return [spec if _is_spec(spec) else None for spec in known] or [None]


def is_placeholder(node: Node) -> bool:
    """Whether a node stands for a layer of a file that cannot be built."""
    kind = catalogue().kinds.get(node.kind)
    return "imported" in (node.model_extra or {}) and (kind is None or bool(kind.unbuildable))


def _imported(node: Node) -> dict[str, Any]:
    """What an import kept of a layer; a notebook file may have anything there."""
    imported = (node.model_extra or {}).get("imported")
    return imported if isinstance(imported, dict) else {}


def _is_spec(known: Any) -> bool:
    return (
        isinstance(known, dict)
        and isinstance(known.get("dtype"), str)
        and isinstance(known.get("shape"), list)
        and all(size is None or isinstance(size, int) for size in known["shape"])
    )


def _is_call(call: dict[str, Any]) -> bool:
    return isinstance(call.get("args", []), list) and isinstance(call.get("kwargs", {}), dict)


def placeholders_of(cells: Iterable[NetworkCell]) -> list[tuple[NetworkCell, str]]:
    """Every placeholder: its network, and its id there."""
    return [(cell, id_) for cell in cells for id_, node in cell.nodes.items() if is_placeholder(node)]


def with_stand_ins(cells: Iterable[NetworkCell]) -> tuple[list[NetworkCell], dict[str, Foreign], tuple[CodeKind, ...]]:
    """The networks with a kind for each placeholder; the placeholders by these kinds; and the kinds."""
    found: dict[str, Foreign] = {}
    changed = []
    for cell in cells:
        nodes = dict(cell.nodes)
        for id_, node in cell.nodes.items():
            if not is_placeholder(node):
                continue
            owner = node.shares if node.shares in cell.nodes else id_
            name = _kind_name(cell, owner, cell.nodes[owner])
            calls = found[name].calls if name in found else {}
            call = _imported(node).get("call")
            call = call if isinstance(call, dict) and _is_call(call) else {}
            found[name] = Foreign(name, cell.nodes[owner], {**calls, id_: call})
            nodes[id_] = Node(kind=name, label=node.label, shares=node.shares, muted=node.muted)
        changed.append(cell.model_copy(update={"nodes": nodes}))
    return changed, found, tuple(_kind(foreign) for foreign in found.values())


def _kind_name(cell: NetworkCell, id_: str, node: Node) -> str:
    stem = re.sub(r"[^A-Za-z0-9_]", "_", node.kind.rpartition(">")[2].rpartition(".")[2])
    return f"Of_{stem}_{hashlib.sha256(f'{cell.id} {id_}'.encode()).hexdigest()[:8]}"


def _kind(foreign: Foreign) -> CodeKind:
    config = foreign.node.params
    last_axis = next((config[key] for key in _LAST_AXIS if isinstance(config.get(key), int)), None)
    told = config.get("output_shape")
    told = told if isinstance(told, list) and all(size is None or isinstance(size, int) for size in told) else None
    text = (
        "from weftwork.compiler.importing.stand_in_layer import stand_in_layer\n"
        f"{foreign.name} = stand_in_layer({foreign.class_name!r}, {foreign.outputs!r}, {last_axis!r}, {told!r})"
    )
    digest = hashlib.sha256(json.dumps([foreign.name, text]).encode()).hexdigest()[:16]
    count = len(foreign.outputs)
    kind = Kind(
        foreign.name,
        "layer",
        FAMILY,
        f"{PACKAGE}.k{digest}.{foreign.name}",
        inputs=(Port("inputs", many=True),),
        outputs=tuple(Port(f"output_{index}" if count > 1 else "output") for index in range(count)),
    )
    return CodeKind(kind, foreign.name, (statement(text),), (), digest)


def statement(text: str, place: int = 0, *, imports: bool = False) -> Statement:
    return Statement("", (0, place), text, frozenset(), frozenset(), imports)


def printed_kind(own: CodeKind, source: tuple[Statement, ...], function: str, inputs: tuple[Port, ...]) -> CodeKind:
    """The same kind as it is printed: `function` makes the layer, and `source` defines it."""
    kind = replace(own.kind, keras=f"{PACKAGE}.k{own.digest}.{function}", inputs=inputs)
    return replace(own, kind=kind, source=source)
