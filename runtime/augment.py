"""Pictures changed by chance in training, by Keras' own layers, but drawn by a key: a resumed run draws the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from .data.preparation_layers import augmenting_layers
from .data.preparation_plan import Plan

Augment = Callable[[Any, tf.Tensor], Any]

# TensorFlow notes here that it takes and gives whole numbers; it is tensors.
_fold_in: Callable[[Any, Any], Any] = tf.random.fold_in


class _Keyed(keras.random.SeedGenerator):
    """Seeds that follow from a key alone, where Keras' own keep a variable that no checkpoint would hold."""

    def __init__(self, key: tf.Tensor) -> None:
        self._drawn = 0
        self._mixed = _fold_in(_fold_in(tf.stack([key[0], tf.constant(0, tf.int64)]), key[1]), key[2])

    def next(self, ordered: bool = True) -> tf.Tensor:
        self._drawn += 1
        return _fold_in(self._mixed, self._drawn)


def augmenting(plan: Plan, fields: Mapping[str, str]) -> Augment | None:
    """What changes a batch of inputs; `fields` maps an Input's name to its field. None where nothing is changed."""
    layers = {
        name: augmenting_layers(plan[field].pieces[0].operations) for name, field in fields.items() if field in plan
    }
    if not any(layers.values()):
        return None

    def augment(x: Any, key: tf.Tensor) -> Any:
        seeds = _Keyed(key)

        def changed(name: str, pictures: tf.Tensor) -> tf.Tensor:
            for layer in layers.get(name, ()):
                drawn = layer.get_random_transformation(pictures, training=True, seed=seeds)
                pictures = layer.transform_images(pictures, drawn, training=True)
            return pictures

        if isinstance(x, dict):
            return {name: changed(name, pictures) for name, pictures in x.items()}
        return changed(next(iter(fields)), x)

    return augment
