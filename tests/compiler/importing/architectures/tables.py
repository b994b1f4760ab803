"""Networks over tables, texts and graphs, with several inputs, outputs and shared parts."""

from __future__ import annotations

import keras
from keras import layers, ops


def wide_and_deep() -> keras.Model:
    wide, deep = keras.Input((5,), name="wide"), keras.Input((6,), name="deep")
    x = layers.Dense(8, activation="relu")(layers.BatchNormalization()(deep))
    x = layers.Dense(4, activation="relu")(layers.Dropout(0.3)(x))
    return keras.Model([wide, deep], layers.Dense(1)(layers.concatenate([wide, x])))


def deep_and_cross() -> keras.Model:
    given = keras.Input((6,))
    x = given
    for _ in range(2):
        x = given * layers.Dense(6)(x) + x
    return keras.Model(given, layers.Dense(1, activation="sigmoid")(layers.Concatenate()([x, layers.Dense(4)(given)])))


def three_inputs_two_outputs() -> keras.Model:
    title, body = keras.Input((None,), dtype="int32", name="title"), keras.Input((None,), dtype="int32", name="body")
    tags = keras.Input((4,), name="tags")
    x = layers.concatenate(
        [layers.LSTM(5)(layers.Embedding(20, 6)(title)), layers.LSTM(3)(layers.Embedding(20, 6)(body)), tags]
    )
    outputs = [layers.Dense(1, name="priority")(x), layers.Dense(3, name="department")(x)]
    return keras.Model([title, body, tags], outputs)


def collaborative_filtering() -> keras.Model:
    who, what = keras.Input((1,), dtype="int32", name="who"), keras.Input((1,), dtype="int32", name="what")
    user = layers.Embedding(
        10, 4, embeddings_initializer="he_normal", embeddings_regularizer=keras.regularizers.l2(1e-6)
    )(who)
    film = layers.Embedding(12, 4, embeddings_initializer="he_normal")(what)
    match = layers.Dot(2, normalize=True)([user, film])
    bias = layers.Embedding(10, 1)(who) + layers.Embedding(12, 1)(what)
    return keras.Model([who, what], layers.Flatten()(ops.sigmoid(match + bias)))


def factorization_machine() -> keras.Model:
    codes = keras.Input((5,), dtype="int32")
    e = layers.Embedding(30, 4)(codes)
    second = 0.5 * ops.sum(ops.square(ops.sum(e, axis=1)) - ops.sum(ops.square(e), axis=1), axis=1, keepdims=True)
    first = ops.sum(layers.Embedding(30, 1)(codes), axis=1)
    return keras.Model(codes, ops.sigmoid(first + second))


def gated_residual() -> keras.Model:
    given = keras.Input((6,))
    x = layers.Dense(6)(layers.Dense(8, activation="elu")(given))
    gate = layers.Dense(6, activation="sigmoid")(x)
    return keras.Model(given, layers.LayerNormalization()(given + layers.multiply([layers.Dense(6)(x), gate])))


def mixture_of_experts() -> keras.Model:
    given = keras.Input((5,))
    weights = layers.Dense(3, activation="softmax", name="gate")(given)
    experts = ops.stack([layers.Dense(4, activation="relu", name=f"expert_{n}")(given) for n in range(3)], axis=1)
    return keras.Model(given, ops.sum(experts * ops.expand_dims(weights, -1), axis=1))


def average_of_models() -> keras.Model:
    def one(name: str) -> keras.Model:
        given = keras.Input((4,))
        return keras.Model(given, layers.Dense(1, name="out")(layers.Dense(3, name="hidden")(given)), name=name)

    given = keras.Input((4,))
    return keras.Model(given, layers.average([one(f"member_{n}")(given) for n in range(3)]))


def actor_and_critic() -> keras.Model:
    state = keras.Input((4,))
    common = layers.Dense(8, activation="relu")(state)
    return keras.Model(state, [layers.Dense(2, activation="softmax", name="action")(common), layers.Dense(1)(common)])


def deep_q_network() -> keras.Model:
    frames = keras.Input((4, 12, 12))
    x = ops.transpose(frames, [0, 2, 3, 1])
    x = layers.Conv2D(4, 4, strides=2, activation="relu")(x)
    x = layers.Flatten()(x)
    value, advantage = layers.Dense(1)(x), layers.Dense(3)(x)
    return keras.Model(frames, value + advantage - ops.mean(advantage, axis=1, keepdims=True))


def graph_convolution() -> keras.Model:
    nodes, edges = keras.Input((5, 3), name="nodes"), keras.Input((5, 5), name="edges")
    a = edges + ops.eye(5)
    x = ops.relu(layers.Dense(4)(ops.matmul(a, nodes)) / ops.sum(a, axis=-1, keepdims=True))
    return keras.Model({"nodes": nodes, "edges": edges}, ops.mean(layers.Dense(2)(ops.matmul(a, x)), axis=1))


def categories_and_numbers() -> keras.Model:
    number, code = keras.Input((1,), name="number"), keras.Input((1,), dtype="int32", name="code")
    x = layers.CategoryEncoding(num_tokens=4, output_mode="one_hot")(code)
    y = layers.Normalization(axis=None, mean=1.5, variance=2.0)(number)
    z = layers.Discretization(bin_boundaries=[-1.0, 0.0, 1.0], output_mode="one_hot")(number)
    return keras.Model([number, code], layers.Dense(1)(layers.concatenate([x, y, z])))


def crossed_features() -> keras.Model:
    a, b = keras.Input((1,), dtype="int32", name="a"), keras.Input((1,), dtype="int32", name="b")
    x = layers.HashedCrossing(num_bins=7, output_mode="one_hot")((a, b))
    return keras.Model([a, b], layers.Dense(2)(x))


def point_net() -> keras.Model:
    def transformer(x, size: int):
        y = layers.GlobalMaxPooling1D()(layers.Conv1D(4, 1, activation="relu")(x))
        y = layers.Dense(size * size, kernel_initializer="zeros", bias_initializer="ones")(y)
        return layers.Dot(axes=(2, 1))([x, layers.Reshape((size, size))(y)])

    points = keras.Input((9, 3))
    x = transformer(points, 3)
    x = layers.BatchNormalization(momentum=0.0)(layers.Conv1D(4, 1, padding="valid")(x))
    x = transformer(layers.Activation("relu")(x), 4)
    return keras.Model(points, layers.Dense(3, activation="softmax")(layers.GlobalMaxPooling1D()(x)))


def half_precision() -> keras.Model:
    given = keras.Input((6,))
    x = layers.Dense(4, dtype="float64", activation="swish")(given)
    return keras.Model(given, layers.Dense(2, dtype="float32")(x))


def losses_and_constraints() -> keras.Model:
    given = keras.Input((6,))
    x = layers.Dense(5, kernel_constraint="non_neg", bias_constraint=keras.constraints.UnitNorm(axis=0))(given)
    x = layers.ActivityRegularization(l2=0.1)(x)
    x = layers.Dense(4, activation=keras.activations.leaky_relu, kernel_initializer=keras.initializers.Identity(2.0))(x)
    x = layers.Dense(4, kernel_initializer=keras.initializers.VarianceScaling(2.0, "fan_out", "uniform", seed=1))(x)
    return keras.Model(given, layers.ELU(0.7)(x))


def noise_and_dropout() -> keras.Model:
    given = keras.Input((6, 3))
    x = layers.SpatialDropout1D(0.2)(layers.GaussianNoise(0.1)(given))
    x = layers.AlphaDropout(0.1)(layers.GaussianDropout(0.1, seed=4)(x))
    return keras.Model(given, layers.Dense(2)(layers.Dropout(0.2, noise_shape=(None, 1, 3))(x)))


MODELS = (
    *(wide_and_deep, deep_and_cross, three_inputs_two_outputs, collaborative_filtering, factorization_machine),
    *(gated_residual, mixture_of_experts, average_of_models, actor_and_critic, deep_q_network, graph_convolution),
    *(categories_and_numbers, crossed_features, point_net, half_precision),
    *(losses_and_constraints, noise_and_dropout),
)
