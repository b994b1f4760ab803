"""`Input` and `Output`, the two kinds that no class of Keras stands for: a network's boundary."""

from __future__ import annotations

from .catalogue_types import Kind, Parameter, Port

INPUT = Kind(
    name="Input",
    group="boundary",
    family="Core",
    keras="keras.Input",
    help="Where data enters the network.",
    url="https://keras.io/api/layers/core_layers/input/",
    outputs=(Port("output"),),
    parameters={
        parameter.name: parameter
        for parameter in (
            Parameter(
                "shape",
                "shape",
                required=True,
                help="Sizes of one example, without the batch axis; an open size is null.",
                suggested=[28, 28, 1],
            ),
            Parameter("dtype", "dtype", default="float32", help="Number type of the data."),
            Parameter("batch_size", "int", nullable=True, minimum=1, help="A fixed number of examples in each batch."),
            Parameter("sparse", "bool", default=False, help="Whether the data are sparse tensors."),
            Parameter("ragged", "bool", default=False, help="Whether rows may differ in length."),
            Parameter("optional", "bool", default=False, help="Whether the network may be called without it."),
        )
    },
    synonyms=("source", "data", "features", "InputLayer"),
)

OUTPUT = Kind(
    name="Output",
    group="boundary",
    family="Core",
    keras="",
    help="What the network gives; training compares it with a target.",
    inputs=(Port("inputs"),),
    synonyms=("result", "target", "prediction"),
)

BOUNDARY = {kind.name: kind for kind in (INPUT, OUTPUT)}
