"""Networks written as a few lines of text, so that tests can be read; and what tests ask of problems.

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
from collections.abc import Callable, Iterable
from typing import Any

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.changes import ChangeError
from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, Wire
from weftwork.compiler.problems import Fix, Problem

_LINE = re.compile(
    r"^(?P<id>\w+):\s*(?P<call>.*?)\s*(\[(?P<flags>(label|shares|muted)[^\]]*)\])?\s*(<-(?P<wires>.*))?$"
)


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


def place(problem: Problem) -> str:
    """Where a problem is: `node`, `node.port`, `node.parameter`, or "" for the whole cell."""
    at = problem.at
    return ".".join(filter(None, (at.node, at.port or at.parameter)))


def said(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Code and place of each problem, in order."""
    return [(problem.code, place(problem)) for problem in problems]


def accepted(notebook: Notebook, fix: Fix) -> Notebook:
    """The notebook after a fix, as an ordinary edit."""
    return apply_all(notebook, fix.changes)


def broken_fixes(notebook: Notebook, check: Callable[[Notebook], Iterable[Problem]]) -> list[str]:
    """The fixes after which their problem is still there, or which cannot be carried out."""
    broken = []
    for problem in check(notebook):
        for fix in problem.fixes:
            try:
                after = check(accepted(notebook, fix))
            except ChangeError as error:
                broken.append(f"{fix.title}: {error}")
                continue
            if (problem.code, place(problem), problem.message) in [(p.code, place(p), p.message) for p in after]:
                broken.append(f"{fix.title}: {problem.message}")
    return broken
