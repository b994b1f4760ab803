"""Notebooks whose networks stand in each other, as lines of text; and the small networks that tests share.

block: use(network="Block", repeat=3, filters=8) <- x=stem
"""

from __future__ import annotations

from typing import Any

from network_text import network

from weftwork.compiler.document import NetworkCell, NetworkParameter, Node, Notebook
from weftwork.compiler.nesting.references import network_kind
from weftwork.compiler.pipeline import check


def nested(name: str, text: str, **parameters: Any) -> NetworkCell:
    """The network of that text; `use(…)` stands for another one. `parameters` are defaults, or whole parameters."""
    cell = network(text, name=name, id=name.lower().replace(" ", "_"))
    nodes = {id_: _use(node) if node.kind == "use" else node for id_, node in cell.nodes.items()}
    declared = {
        key: value if isinstance(value, NetworkParameter) else NetworkParameter(default=value, type="int", minimum=1)
        for key, value in parameters.items()
    }
    return cell.model_copy(update={"nodes": nodes, "parameters": declared})


def _use(node: Node) -> Node:
    params = dict(node.params)
    fields = {field: params.pop(field) for field in ("repeat", "weights", "names") if field in params}
    kind = network_kind(params.pop("network"))
    plain = {"label": node.label, "shares": node.shares, "muted": node.muted}
    return Node.model_validate({"kind": kind, "params": params, **plain, **fields})


def notebook(*cells: NetworkCell) -> Notebook:
    return Notebook(cells=cells)


def said_by(book: Notebook, **given: Any) -> list[tuple[str, str, str]]:
    """Code, cell and place of each problem."""
    return [
        (problem.code, problem.at.cell, ".".join(filter(None, (problem.at.node, problem.at.parameter))))
        for problem in check(book, **given).problems
    ]


BLOCK = nested(
    "Block",
    """
    x: Input(shape=[8, 8, 4]) [label=x]
    wide: Conv2D(filters={"expression": "filters * 2"}, kernel_size=3, padding="same", activation="relu") <- x
    back: Conv2D(filters={"expression": "filters"}, kernel_size=3, padding="same") <- wide
    sum: Add <- back, x
    out: Output [label=x] <- sum
    """,
    filters=4,
)

RESNET = nested(
    "Res",
    """
    image: Input(shape=[8, 8, 1]) [label=image]
    stem: Conv2D(filters=4, kernel_size=3, padding="same") [label=stem] <- image
    body: use(network="Block", repeat=3) <- x=stem
    pool: GlobalAveragePooling2D [label=pool] <- body.x
    dense: Dense(units=10) [label=dense] <- pool
    out: Output [label=digit] <- dense
    """,
)

MODULE = nested(
    "Module",
    """
    x: Input(shape=[6, 6, 3]) [label=x]
    one: Conv2D(filters={"expression": "width"}, kernel_size=1, activation="relu") [label=one] <- x
    three: Conv2D(filters={"expression": "width + 1"}, kernel_size=3, padding="same") [label=three] <- one
    pool: MaxPooling2D(pool_size=3, strides=1, padding="same") [label=pool] <- x
    all: Concatenate [label=all] <- one, three, pool
    out: Output <- all
    """,
    width=2,
)

INCEPTION = nested(
    "Inception",
    """
    image: Input(shape=[6, 6, 3]) [label=image]
    modules: use(network="Module", repeat=2, width={"each": [2, 3]}, names=["low", "high"]) <- x=image
    flat: Flatten [label=flat] <- modules
    dense: Dense(units=3) [label=dense] <- flat
    out: Output [label=class] <- dense
    """,
)

LAYER = nested(
    "Layer",
    """
    x: Input(shape=[5, 8]) [label=x]
    attention: MultiHeadAttention(num_heads=2, key_dim={"expression": "width//2"}) [label=attention] <- query=x, value=x
    sum: Add [label=sum] <- attention, x
    norm: LayerNormalization [label=norm] <- sum
    wide: Dense(units={"expression": "width * 4"}, activation="gelu") [label=wide] <- norm
    back: Dense(units={"expression": "width"}) [label=back] <- wide
    sum2: Add [label=sum_2] <- back, norm
    norm2: LayerNormalization [label=norm_2] <- sum2
    out: Output [label=x] <- norm2
    """,
    width=8,
)

ENCODER = nested(
    "Encoder",
    """
    x: Input(shape=[5, 8]) [label=x]
    layers: use(network="Layer", repeat={"expression": "depth"}, width={"expression": "width"}) [label=layer] <- x=x
    out: Output [label=x] <- layers.x
    """,
    depth=2,
    width=8,
)

TRANSFORMER = nested(
    "Transformer",
    """
    words: Input(shape=[5, 8]) [label=words]
    encoder: use(network="Encoder", depth=3) [label=encoder] <- x=words
    pool: GlobalAveragePooling1D [label=pool] <- encoder.x
    dense: Dense(units=2) [label=dense] <- pool
    out: Output [label=answer] <- dense
    """,
)

NOTEBOOKS = {
    "residual": notebook(BLOCK, RESNET),
    "inception": notebook(MODULE, INCEPTION),
    "transformer": notebook(LAYER, ENCODER, TRANSFORMER),
}
MAIN = {"residual": "Res", "inception": "Inception", "transformer": "Transformer"}
