"""A layer of Keras in the place of one whose code is not here: it has that one's name and shapes, and computes nothing.

Imports Keras: child processes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras


class _StandIn(keras.Layer):
    outputs: Sequence[dict[str, Any] | None] = ()
    last_axis: int | None = None
    told: Sequence[Any] | None = None

    def __init__(self, name: str | None = None) -> None:
        # Without it Keras puts conversions between the layers that the file does not have.
        super().__init__(name=name, autocast=False)
        self.built = True

    def call(self, inputs: Any) -> Any:
        raise NotImplementedError(f"{self.name} stands for a layer whose code is not here.")

    def compute_output_spec(self, inputs: Any) -> Any:
        first = keras.tree.flatten(inputs)[0]
        specs = [self._spec(known, first) for known in self.outputs or (None,)]
        return specs[0] if len(specs) == 1 else specs

    def _spec(self, known: dict[str, Any] | None, first: Any) -> keras.KerasTensor:
        """What the file tells; else what the arguments of such layers usually mean."""
        if known is not None:
            return keras.KerasTensor(tuple(known["shape"]), dtype=known["dtype"] or first.dtype)
        shape = tuple(first.shape)
        if self.told is not None:
            shape = (shape[0] if shape else None, *self.told)
        elif self.last_axis is not None and shape:
            shape = (*shape[:-1], self.last_axis)
        return keras.KerasTensor(shape, dtype=first.dtype)

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name}


def stand_in_layer(
    class_name: str,
    outputs: Sequence[dict[str, Any] | None],
    last_axis: int | None = None,
    told: Sequence[Any] | None = None,
) -> type[keras.Layer]:
    """A class of that name: Keras calls a layer's weights in a file by its class. `outputs` are shape and dtype of
    each output as far as they are known; for the rest, `told` is the shape without batch axis, or `last_axis` the size
    of the last one."""
    return type(class_name, (_StandIn,), {"outputs": outputs, "last_axis": last_axis, "told": told})
