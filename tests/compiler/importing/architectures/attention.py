"""Transformers and what else attends, as the documented examples of Keras build them, without classes of their own."""

from __future__ import annotations

import keras
from keras import layers, ops


def _encoder(x, heads: int, size: int, wide: int):
    y = layers.MultiHeadAttention(num_heads=heads, key_dim=size, dropout=0.1)(x, x)
    x = layers.LayerNormalization(epsilon=1e-6)(layers.Dropout(0.1)(y) + x)
    y = layers.Dense(x.shape[-1])(layers.Dense(wide, activation="relu")(x))
    return layers.LayerNormalization(epsilon=1e-6)(x + layers.Dropout(0.1)(y))


def text_transformer() -> keras.Model:
    words = keras.Input((8,), dtype="int32")
    places = layers.Embedding(8, 6)(ops.arange(8))
    x = _encoder(layers.Embedding(30, 6)(words) + places, 2, 3, 12)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(words, layers.Dense(2, activation="softmax")(layers.Dropout(0.1)(x)))


def time_series_transformer() -> keras.Model:
    series = keras.Input((10, 1))
    x = series
    for _ in range(2):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        y = layers.MultiHeadAttention(key_dim=4, num_heads=2, dropout=0.2)(y, y)
        rest = layers.Dropout(0.2)(y) + x
        y = layers.LayerNormalization(epsilon=1e-6)(rest)
        y = layers.Conv1D(filters=4, kernel_size=1, activation="relu")(y)
        x = layers.Conv1D(filters=1, kernel_size=1)(layers.Dropout(0.2)(y)) + rest
    x = layers.GlobalAveragePooling1D(data_format="channels_first")(x)
    return keras.Model(series, layers.Dense(3, activation="softmax")(x))


def vision_transformer() -> keras.Model:
    picture = keras.Input((16, 16, 3))
    x = layers.Reshape((16, 8))(layers.Conv2D(8, 4, strides=4, padding="valid")(picture))
    x = x + layers.Embedding(16, 8)(ops.expand_dims(ops.arange(16), 0))
    for _ in range(3):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        y = layers.MultiHeadAttention(num_heads=2, key_dim=4, dropout=0.1)(y, y)
        x2 = layers.Add()([y, x])
        y = layers.LayerNormalization(epsilon=1e-6)(x2)
        for units in (16, 8):
            y = layers.Dropout(0.1)(layers.Dense(units, activation=keras.activations.gelu)(y))
        x = layers.Add()([y, x2])
    x = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x))
    return keras.Model(picture, layers.Dense(4)(layers.Dropout(0.5)(x)))


def patches_by_an_operation() -> keras.Model:
    picture = keras.Input((8, 8, 3))
    patches = ops.image.extract_patches(picture, 4)
    x = ops.reshape(patches, (-1, 4, 48))
    return keras.Model(picture, layers.Dense(5)(x))


def mlp_mixer() -> keras.Model:
    picture = keras.Input((8, 8, 3))
    x = layers.Reshape((4, 6))(layers.Conv2D(6, 4, strides=4)(picture))
    for _ in range(2):
        y = layers.Permute((2, 1))(layers.LayerNormalization()(x))
        y = layers.Dense(4)(layers.Dense(8, activation="gelu")(y))
        x = layers.Permute((2, 1))(y) + x
        y = layers.Dense(8, activation="gelu")(layers.LayerNormalization()(x))
        x = layers.Dense(6)(y) + x
    return keras.Model(picture, layers.Dense(3)(layers.GlobalAveragePooling1D()(x)))


def gated_mlp() -> keras.Model:
    series = keras.Input((5, 8))
    x = layers.Dense(16, activation="gelu")(layers.LayerNormalization()(series))
    u, v = ops.split(x, 2, axis=-1)
    v = ops.transpose(
        layers.Dense(5, bias_initializer="ones")(ops.transpose(layers.LayerNormalization()(v), (0, 2, 1))), (0, 2, 1)
    )
    return keras.Model(series, series + layers.Dense(8)(u * v))


def fourier_mixing() -> keras.Model:
    series = keras.Input((8, 4))
    real, _ = ops.fft2((series, ops.zeros_like(series)))
    x = layers.LayerNormalization()(series + real)
    return keras.Model(series, layers.Dense(2)(x))


def masked_attention() -> keras.Model:
    words = keras.Input((6,), dtype="int32")
    x = layers.Embedding(20, 8, mask_zero=True)(words)
    y = layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    z = layers.Attention(use_scale=True)([x, y])
    w = layers.AdditiveAttention()([z, x])
    return keras.Model(words, layers.GlobalAveragePooling1D()(z + w))


def grouped_query_attention() -> keras.Model:
    x = keras.Input((6, 8))
    y = layers.GroupQueryAttention(head_dim=4, num_query_heads=4, num_key_value_heads=2)(x, x)
    return keras.Model(x, layers.RMSNormalization()(x + y))


def translation_transformer() -> keras.Model:
    given, answer = keras.Input((5,), dtype="int32", name="given"), keras.Input((6,), dtype="int32", name="answer")
    embed = layers.Embedding(20, 8, name="words")
    memory = _encoder(embed(given), 2, 4, 16)
    x = embed(answer)
    y = layers.MultiHeadAttention(2, 4)(query=x, value=x, key=x, use_causal_mask=True)
    x = layers.LayerNormalization()(x + y)
    y = layers.MultiHeadAttention(2, 4)(query=x, value=memory, key=memory)
    x = layers.LayerNormalization()(x + y)
    return keras.Model({"given": given, "answer": answer}, layers.Dense(20, activation="softmax")(x))


def scaled_dot_product_by_hand() -> keras.Model:
    x = keras.Input((5, 8))
    q, k, v = (layers.Dense(8, use_bias=False, name=name)(x) for name in ("q", "k", "v"))
    scores = ops.matmul(q, ops.transpose(k, axes=[0, 2, 1])) / ops.sqrt(8.0)
    scores = scores + (1.0 - ops.tril(ops.ones((5, 5)))) * -1e9
    return keras.Model(x, ops.einsum("bij,bjd->bid", ops.softmax(scores, axis=-1), v))


def rotary_embedding() -> keras.Model:
    x = keras.Input((4, 6))
    angle = ops.arange(4, dtype="float32")[:, None] * ops.power(10.0, -ops.arange(3, dtype="float32"))[None, :]
    left, right = x[..., 0::2], x[..., 1::2]
    turned = ops.stack(
        [left * ops.cos(angle) - right * ops.sin(angle), left * ops.sin(angle) + right * ops.cos(angle)], -1
    )
    return keras.Model(x, ops.reshape(turned, (-1, 4, 6)))


def squeeze_and_excite() -> keras.Model:
    picture = keras.Input((8, 8, 4))
    x = layers.Conv2D(8, 3, padding="same")(picture)
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(8, activation="hard_sigmoid")(layers.Dense(2, activation="relu")(s))
    return keras.Model(picture, layers.Multiply()([x, s]))


def linear_attention_with_einsum_layers() -> keras.Model:
    x = keras.Input((5, 6))
    y = layers.EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de")(x)
    y = layers.EinsumDense("abde,dec->abc", output_shape=(None, 6))(y)
    return keras.Model(x, layers.UnitNormalization()(y))


MODELS = (
    *(text_transformer, time_series_transformer, vision_transformer, patches_by_an_operation, mlp_mixer, gated_mlp),
    *(fourier_mixing, masked_attention, grouped_query_attention, translation_transformer),
    *(scaled_dot_product_by_hand, rotary_embedding, squeeze_and_excite),
    linear_attention_with_einsum_layers,
)
