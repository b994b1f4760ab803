"""A network of a thousand nodes or more for the canvas' benchmark."""

from __future__ import annotations

from math import sqrt

from weftwork.compiler.document import NetworkCell, Node, Position, Source, Target, Wire

# Of every three rows the last feeds one layer only, so that an edit there changes the shape of one node.
ALONE = 2


def grid(count: int) -> NetworkCell:
    """Rows of Dense layers beside each other; every third node of a column also takes its neighbour's output."""
    nodes: dict[str, Node] = {"input": Node(kind="Input", params={"shape": [16]}, label="numbers")}
    wires: dict[str, Wire] = {}
    layout = {"input": Position(-320, 0)}
    rows = round(sqrt(count))
    for number in range(count - 1):
        column, row = divmod(number, rows)
        id_ = node_id(column, row)
        before = "input" if column == 0 else node_id(column - 1, row)
        merges = column > 0 and row % 3 == 0
        nodes[id_] = Node(kind="Add") if merges else Node(kind="Dense", params={"units": 16, "activation": "relu"})
        wires[f"w_{id_}"] = Wire(source=Source(before), target=Target(id_))
        if merges:
            other = node_id(column - 1, row + 1 if row + 1 < rows else row - 1)
            wires[f"v_{id_}"] = Wire(source=Source(other), target=Target(id_, "inputs", 1))
        layout[id_] = Position(column * 320, row * 144)
    return NetworkCell(id="net_0001", name="net", nodes=nodes, wires=wires, layout=layout)


def node_id(column: int, row: int) -> str:
    return f"node_{column:03}_{row:02}"
