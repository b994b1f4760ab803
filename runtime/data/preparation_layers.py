"""Each fitted step as Keras layers, and as the Python that makes the same layers.

Imports Keras when a layer is made; `layer_sources` only prints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .preparation_steps import Operation
from .written_numbers import constant_text

if TYPE_CHECKING:
    import keras

_AUGMENTING = {"rotate": "RandomRotation", "shift": "RandomTranslation", "zoom": "RandomZoom"}


def apply_layers(operation: Operation, name: str, value: Any) -> Any:
    """`value`, a tensor of a model under construction, put through the step; `name` begins the layers' names."""
    import keras

    match operation.step:
        case "impute":
            return keras.ops.where(keras.ops.isnan(value), operation.array("fill"), value)
        case "log":
            plus = operation.array("plus")
            if not any(map(math.isnan, operation.constants["plus"])):
                return keras.ops.log(value + plus)
            # A column that the step does not name stays; what is fed to the logarithm there does not matter.
            named = keras.ops.array([not math.isnan(each) for each in operation.constants["plus"]])
            shift = keras.ops.array([0.0 if math.isnan(each) else each for each in operation.constants["plus"]])
            return keras.ops.where(named, keras.ops.log(value + shift), value)
        case "one_hot":
            lookup = keras.layers.StringLookup(
                vocabulary=_looked_up(operation), output_mode="one_hot", name=f"{name}_one_hot"
            )
            # The first column is for words that training never showed: they are none of the classes.
            value = lookup(value)[:, 1:]
            stand_in = _stand_in(operation)
            return value[:, :-1] + value[:, -1:] * keras.ops.array(stand_in) if stand_in else value
    for kind, arguments in layers_of(operation):
        value = getattr(keras.layers, kind)(**arguments, name=f"{name}_{_suffix(operation, kind)}")(value)
    return value


def layer_sources(operation: Operation, name: str, variable: str) -> list[str]:
    """Expressions, each to be assigned to `variable` in turn, that do what `apply_layers` does."""
    match operation.step:
        case "impute":
            # A column that the step does not name keeps its gaps; a bare nan would be no Python.
            fill = ", ".join('float("nan")' if math.isnan(v) else repr(v) for v in operation.constants["fill"])
            return [f"keras.ops.where(keras.ops.isnan({variable}), keras.ops.array([{fill}]), {variable})"]
        case "log":
            plus = operation.constants["plus"]
            shift = [0.0 if math.isnan(each) else each for each in plus]
            logarithm = f"keras.ops.log({variable} + keras.ops.array({shift!r}))"
            if not any(map(math.isnan, plus)):
                return [logarithm]
            named = [not math.isnan(each) for each in plus]
            return [f"keras.ops.where(keras.ops.array({named!r}), {logarithm}, {variable})"]
        case "one_hot":
            words, written = _looked_up(operation), repr(f"{name}_one_hot")
            calls = [
                f'layers.StringLookup(vocabulary={words!r}, output_mode="one_hot", name={written})({variable})[:, 1:]'
            ]
            if stand_in := _stand_in(operation):
                calls.append(f"{variable}[:, :-1] + {variable}[:, -1:] * keras.ops.array({stand_in!r})")
            return calls
    return [
        f"layers.{kind}({_written(kind, {**arguments, 'name': f'{name}_{_suffix(operation, kind)}'})})({variable})"
        for kind, arguments in layers_of(operation)
    ]


def layers_of(operation: Operation) -> list[tuple[str, dict[str, Any]]]:
    """Classes of layers and their arguments; one constant for all columns is a plain number."""

    def constant(name: str) -> Any:
        values = list(operation.constants[name])
        return values[0] if len(values) == 1 else values

    match operation.step:
        case "standardise":
            mean, variance = operation.constants["mean"], operation.constants["variance"]
            if len(mean) == 1:
                return [("Normalization", {"axis": None, "mean": mean[0], "variance": variance[0]})]
            return [("Normalization", {"axis": -1, "mean": list(mean), "variance": list(variance)})]
        case "bucketise":
            boundaries = list(operation.constants["boundaries"])
            if operation.constants["encode"] == ("one_hot",):
                return [("Discretization", {"bin_boundaries": boundaries, "output_mode": "one_hot"})]
            return [("Discretization", {"bin_boundaries": boundaries}), ("Rescaling", {"scale": 1.0})]
        case "resize":
            height, width = operation.constants["size"]
            return [("Resizing", {"height": height, "width": width})]
        case "augment":
            return _augmenting(operation)
    return [("Rescaling", {"scale": constant("scale"), "offset": constant("offset")})]


def augmenting_layers(operations: Iterable[Operation]) -> list[keras.layers.Layer]:
    """The layers that change pictures in training, in the order of the steps."""
    import keras

    return [
        # A seed of its own would be drawn from the notebook's, and change the network's first weights.
        getattr(keras.layers, kind)(**arguments, seed=0)
        for operation in operations
        if operation.step == "augment"
        for kind, arguments in layers_of(operation)
    ]


def _augmenting(operation: Operation) -> list[tuple[str, dict[str, Any]]]:
    layers: list[tuple[str, dict[str, Any]]] = []
    for name, (value,) in operation.constants.items():
        if name == "flip":
            layers.append(("RandomFlip", {"mode": value}))
        elif name == "shift":
            both = {"height_factor": value, "width_factor": value}
            layers.append((_AUGMENTING[name], {**both, "fill_mode": "nearest"}))
        else:
            layers.append((_AUGMENTING[name], _single(name, value)))
    return layers


def _single(name: str, value: float) -> dict[str, Any]:
    return {"height_factor" if name == "zoom" else "factor": value, "fill_mode": "nearest"}


def _suffix(operation: Operation, kind: str) -> str:
    if operation.step in ("bucketise", "augment"):
        return {"Discretization": "buckets", "Rescaling": "bucket"}.get(kind, kind.lower())
    return operation.step


def _looked_up(operation: Operation) -> list[str]:
    """The vocabulary; where another class stands in for a missing word, the missing word is looked up last."""
    words = list(operation.constants["vocabulary"])
    return [*words, ""] if _stand_in(operation) else words


def _stand_in(operation: Operation) -> list[float]:
    """The row that a missing word is given; empty where none stands in for it, or it is a class of its own."""
    missing = operation.constants.get("missing", ("",))[0]
    return [float(word == missing) for word in operation.constants["vocabulary"]] if missing else []


def _written(kind: str, arguments: Mapping[str, Any]) -> str:
    texts = []
    for name, value in arguments.items():
        if (kind, name) == ("Rescaling", "offset") and not any(np.atleast_1d(value)):
            continue
        if kind in ("Rescaling", "Normalization") and name != "axis":
            texts.append(f"{'' if name == 'scale' else f'{name}='}{constant_text(value)}")
        else:
            texts.append(f"{name}={value!r}")
    return ", ".join(texts)
