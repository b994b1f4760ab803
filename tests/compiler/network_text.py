"""Networks written as a few lines of text, so that tests can be read.

    image: Input(shape=[28, 28, 1])
    conv: Conv2D(filters=8, kernel_size=3) <- image
    lstm: LSTM(units=4) <- sequences=words, initial_state=h, initial_state=c
    twin: Dense(units=4) [shares=dense, label=twin, muted] <- lstm.state_h
    output: Output <- twin

The name before the colon is the node's id. A wire goes to the first port of the node's kind unless it says which.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire

_LINE = re.compile(r"^(?P<id>\w+):\s*(?P<call>.*?)\s*(\[(?P<flags>(label|shares|muted)[^\]]*)\])?\s*(<-(?P<wires>.*))?$")


def network(text: str, *, name: str = "net", id: str = "net_1") -> NetworkCell:
    """The network cell that the text describes; nothing is checked."""
    nodes: dict[str, Node] = {}
    wires: dict[str, Wire] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _LINE.match(line)
        assert found, f"not understood: {line}"
        node_id = found["id"]
        kind, params = _call(found["call"])
        nodes[node_id] = Node(kind=kind, params=params, **_flags(found["flags"] or ""))
        for wire in filter(None, (wire.strip() for wire in (found["wires"] or "").split(","))):
            port, _, source = wire.rpartition("=")
            node, _, output = source.strip().partition(".")
            port = port.strip() or _first_port(kind)
            position = sum(other.target[:2] == (node_id, port) for other in wires.values())
            wires[f"wire_{len(wires) + 1}"] = Wire(
                source=Source(node, output or "output"), target=Target(node_id, port, position)
            )
    return NetworkCell(id=id, name=name, nodes=nodes, wires=wires)


def _call(text: str) -> tuple[str, dict[str, Any]]:
    tree = ast.parse(text, mode="eval").body
    if not isinstance(tree, ast.Call):
        return text, {}
    params = {argument.arg: ast.literal_eval(argument.value) for argument in tree.keywords if argument.arg}
    return ast.unparse(tree.func), params


def _flags(text: str) -> dict[str, Any]:
    flags: dict[str, Any] = {}
    for flag in filter(None, (flag.strip() for flag in text.split(","))):
        name, given, value = flag.partition("=")
        flags[name] = value if given else True
    return flags


def _first_port(kind: str) -> str:
    known = catalogue().kinds.get(kind)
    return known.inputs[0].name if known and known.inputs else "inputs"
