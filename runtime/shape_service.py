"""The warm child that asks Keras for shapes, and its answers as JSON."""

from __future__ import annotations

import sys
from typing import Any

from ..compiler.document import NetworkCell
from ..compiler.specs import NodeShapes, TensorSpec
from .failure import full_traceback, one_line
from .link import Link


def serve_shapes(link: Link) -> int:
    """Answers {"id", "network"} by {"id", "result": shapes} until the other end is gone."""
    from ..compiler.shapes import KerasShapes

    oracle = KerasShapes()
    while (request := link.receive()) is not None:
        try:
            network = NetworkCell.model_validate(request["network"])
            reply = {"result": shapes_to_json(oracle.infer(network))}
        except Exception as error:
            print(full_traceback(error), file=sys.stderr, flush=True)
            reply = {"failed": one_line(error)}
        link.send({"id": request["id"], **reply})
    return 0


def shapes_to_json(shapes: dict[str, NodeShapes]) -> dict[str, Any]:
    # Field by field: `asdict` copies everything it meets, which takes longer than finding the shapes.
    return {
        node: {
            "outputs": {port: {"shape": spec.shape, "dtype": spec.dtype} for port, spec in known.outputs.items()},
            "parameters": known.parameters,
            "trainable": known.trainable,
            "refused": known.refused,
            "refused_parameter": known.refused_parameter,
        }
        for node, known in shapes.items()
    }


def shapes_from_json(shapes: dict[str, Any]) -> dict[str, NodeShapes]:
    return {
        node: NodeShapes(
            outputs={
                port: TensorSpec(tuple(spec["shape"]), spec["dtype"]) for port, spec in known.pop("outputs").items()
            },
            **known,
        )
        for node, known in shapes.items()
    }
