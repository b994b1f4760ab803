"""The warm child that asks Keras for shapes, and its answers as JSON."""

from __future__ import annotations

import sys
from typing import Any

from ..compiler.code.at_hand import with_kinds
from ..compiler.code.load import from_json
from ..compiler.document import NetworkCell
from ..compiler.specs import NodeShapes, TensorSpec
from .failure import full_traceback, one_line
from .link import Link


def serve_shapes(link: Link) -> int:
    """Answers {"id", "network", "definitions", "code"} by {"id", "result": shapes} until the other end is gone."""
    from ..compiler.shapes import KerasShapes

    oracle = KerasShapes()
    while (request := link.receive()) is not None:
        try:
            network = NetworkCell.model_validate(request["network"])
            given = request.get("definitions") or {}
            definitions = {name: NetworkCell.model_validate(cell) for name, cell in given.items()}
            with with_kinds(tuple(map(from_json, request.get("code") or ()))):
                reply = {"result": shapes_to_json(oracle.infer(network, definitions))}
        except Exception as error:
            print(full_traceback(error), file=sys.stderr, flush=True)
            reply = {"failed": one_line(error)}
        link.send({"id": request["id"], **reply})
    return 0


def shapes_to_json(shapes: dict[str, NodeShapes]) -> dict[str, Any]:
    """`insides` lists what stands inside of nodes for networks, equal uses once; the nodes say which is theirs."""
    insides: list[dict[str, Any]] = []
    places: dict[int, int] = {}

    def plain(nodes: dict[str, NodeShapes]) -> dict[str, Any]:
        return {node: one(known) for node, known in nodes.items()}

    def one(known: NodeShapes) -> dict[str, Any]:
        # Field by field: `asdict` copies everything it meets, which takes longer than finding the shapes.
        content: dict[str, Any] = {
            "outputs": {port: {"shape": spec.shape, "dtype": spec.dtype} for port, spec in known.outputs.items()},
            "parameters": known.parameters,
            "trainable": known.trainable,
            "refused": known.refused,
            "refused_parameter": known.refused_parameter,
        }
        if known.kept:
            content["kept"] = known.kept
        if known.inside:
            content["inside"] = [place(inside) for inside in known.inside]
        return content

    def place(inside: dict[str, NodeShapes]) -> int:
        if id(inside) not in places:
            nodes = plain(inside)
            places[id(inside)] = len(insides)
            insides.append(nodes)
        return places[id(inside)]

    return {"nodes": plain(shapes), "insides": insides}


def shapes_from_json(content: dict[str, Any]) -> dict[str, NodeShapes]:
    """The shapes again; equal uses of a network share what is inside."""
    insides: list[dict[str, NodeShapes]] = []

    def one(known: dict[str, Any]) -> NodeShapes:
        outputs = {port: TensorSpec(tuple(spec["shape"]), spec["dtype"]) for port, spec in known.pop("outputs").items()}
        inside = tuple(insides[index] for index in known.pop("inside", ()))
        return NodeShapes(outputs=outputs, inside=inside, **known)

    # Each stands after those inside it.
    for nodes in content["insides"]:
        insides.append({node: one(known) for node, known in nodes.items()})
    return {node: one(known) for node, known in content["nodes"].items()}
