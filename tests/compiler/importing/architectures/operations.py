"""Networks in which operations stand between layers: constants, slices, conditions, several results."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops


def python_operators() -> keras.Model:
    x, y = keras.Input((4,), name="x"), keras.Input((4,), name="y")
    z = -(x**2) + 3 * y - 1 / (abs(y) + 1.0)
    z = (z % 2.0) + (x // 1.5) + 2.0**x
    return keras.Model([x, y], [z, ops.cast(x > y, "float32"), ops.cast((x <= 0.5) & (y != 0), "float32")])


def slices() -> keras.Model:
    x = keras.Input((6, 5, 4))
    return keras.Model(x, [x[:, 0], x[:, ::-1, 1:-1], x[..., -1], x[:, None, 2:4, :, 0], x[:, 1, ..., 2:]])


def constants_of_numpy() -> keras.Model:
    x = keras.Input((3,))
    matrix = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]], "float32")
    return keras.Model(x, ops.matmul(x, matrix) * np.float32(2.0) + np.array([0.5, -0.5], "float32"))


def constants_on_the_left() -> keras.Model:
    x = keras.Input((3, 2))
    left = ops.convert_to_tensor([[1.0, 0.0, 2.0], [0.5, 1.0, 0.0]])
    y = ops.matmul(left, x)
    y = ops.concatenate([ops.convert_to_tensor([[[1.0, 2.0]]]) * ops.ones_like(y[:, :1]), y], axis=1)
    return keras.Model(x, ops.subtract(1.0, y))


def shapes_of_tensors() -> keras.Model:
    x = keras.Input((4, 6))
    y = ops.reshape(x, (-1, 2, 12))
    y = ops.transpose(y, (0, 2, 1))
    y = ops.squeeze(ops.expand_dims(y, axis=(1, -1)), axis=(1, -1))
    y = ops.repeat(ops.tile(y, (1, 1, 2)), 2, axis=1)
    y = ops.pad(y, ((0, 0), (1, 1), (0, 2)))
    y = ops.roll(ops.flip(y, axis=1), 1, axis=-1)
    return keras.Model(x, ops.moveaxis(y, 1, 2))


def reductions() -> keras.Model:
    x = keras.Input((5, 4))
    outputs = [
        ops.sum(x, 1),
        ops.mean(x, (1, 2)),
        ops.max(x, -1, keepdims=True),
        ops.prod(x, axis=1),
        ops.std(x, axis=1),
    ]
    outputs += [ops.logsumexp(x, axis=-1), ops.norm(x, axis=-1), ops.cumsum(x, axis=1), ops.argmax(x, axis=-1)]
    return keras.Model(x, outputs)


def functions_of_numbers() -> keras.Model:
    x = keras.Input((5,))
    y = ops.clip(x, -1.0, 1.0)
    outputs = [ops.log1p(ops.abs(x)), ops.erf(x), ops.sin(x) * ops.cos(x), ops.tanh(x), ops.sign(x), ops.floor(y)]
    outputs += [ops.leaky_relu(x, 0.3), ops.gelu(x, approximate=True), ops.one_hot(ops.cast(ops.abs(x), "int32"), 3)]
    return keras.Model(x, outputs)


def gathered() -> keras.Model:
    x, at = keras.Input((6, 3), name="x"), keras.Input((2,), dtype="int32", name="at")
    y = ops.take_along_axis(x, ops.expand_dims(at, -1), axis=1)
    return keras.Model([x, at], [y, ops.take(x, [0, 3, 5], axis=1), ops.take(x, 2, axis=-1)])


def operations_of_pictures() -> keras.Model:
    x = keras.Input((8, 8, 3))
    y = ops.image.resize(x, (4, 4), interpolation="bilinear")
    z = ops.image.rgb_to_grayscale(x)
    w = ops.max_pool(ops.average_pool(x, 2, 1, "same"), 2)
    return keras.Model(x, [y, z, w, ops.image.crop_images(x, 1, 1, 2, 2)])


def merged_by_functions() -> keras.Model:
    x, y, z = (keras.Input((4, 3), name=name) for name in "xyz")
    outputs = [layers.subtract([x, y]), layers.maximum([x, y, z]), layers.minimum([x, z]), layers.dot([x, y], axes=2)]
    return keras.Model([x, y, z], [*outputs, layers.Dot(axes=(1, 1), normalize=True)([y, z])])


def tensors_among_constants() -> keras.Model:
    x = keras.Input((4,))
    scale = ops.mean(x, axis=-1, keepdims=True)
    y = ops.maximum(0.2, x) * scale
    return keras.Model(x, ops.where(ops.isnan(y), 0.0, y) + ops.logical_not(x > 0))


def layers_over_operations() -> keras.Model:
    x = keras.Input((6,))
    dense = layers.Dense(6, name="again")
    y = x
    for n in range(3):
        y = ops.relu(dense(y)) + n
    return keras.Model(x, y)


def nested_inputs() -> keras.Model:
    x, (y, z) = keras.Input((3,), name="x"), (keras.Input((3,), name="y"), keras.Input((3,), name="z"))
    return keras.Model({"x": x, "others": [y, z]}, {"sum": x + y, "parts": {"a": y * z, "b": layers.Dense(2)(z)}})


def an_input_as_an_output() -> keras.Model:
    x, y = keras.Input((3,), name="x"), keras.Input((2,), name="y")
    d = layers.Dense(2, name="d")(x)
    return keras.Model([x, y], [x, d, d, y])


MODELS = (
    *(
        python_operators,
        slices,
        constants_of_numpy,
        constants_on_the_left,
    ),
    *(shapes_of_tensors, reductions, functions_of_numbers, gathered, operations_of_pictures),
    *(merged_by_functions, tensors_among_constants, layers_over_operations, nested_inputs),
    an_input_as_an_output,
)
