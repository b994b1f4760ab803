"""Writes the files in tf_keras/ with the real tf_keras (tf.keras 2 as a package), and what their models answer.

    python -m pip install tf-keras && TF_USE_LEGACY_KERAS=1 python tests/corpus_keras/write_with_tf_keras.py

Run once; the files are kept, so that no test needs the package. The architectures are those of documented examples,
made small.
"""

from pathlib import Path

import numpy as np
import tf_keras
from tf_keras import layers

FOLDER = Path(__file__).parent / "tf_keras"


def picture_classifier():
    return tf_keras.Sequential(
        [
            tf_keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.SeparableConv2D(6, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ],
        name="picture_classifier",
    )


def residual():
    x = tf_keras.Input((8, 8, 3), name="picture")
    y = layers.Conv2D(4, 3, padding="same", name="begin")(x)
    for number in (1, 2):
        z = layers.BatchNormalization(name=f"norm_{number}")(y)
        z = layers.DepthwiseConv2D(3, padding="same", name=f"depth_{number}")(layers.ReLU(6.0)(z))
        y = layers.add([y, z], name=f"sum_{number}")
    return tf_keras.Model(x, layers.Dense(2)(layers.GlobalAveragePooling2D()(y)), name="residual")


def reads_both_ways():
    words = tf_keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(30, 6, mask_zero=True)(words)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    x = layers.Bidirectional(layers.GRU(3, reset_after=True), merge_mode="sum")(x)
    return tf_keras.Model(words, layers.Dense(1, activation="sigmoid")(x), name="reads_both_ways")


def translates():
    given, so_far = tf_keras.Input((5, 4), name="given"), tf_keras.Input((6, 3), name="so_far")
    _, h, c = layers.LSTM(7, return_state=True, name="encoder")(given)
    answer, _, _ = layers.LSTM(7, return_sequences=True, return_state=True, name="decoder")(
        so_far, initial_state=[h, c]
    )
    out = layers.TimeDistributed(layers.Dense(4, activation="softmax"))(answer)
    return tf_keras.Model([given, so_far], out, name="translates")


def transformer():
    x = tf_keras.Input((6, 8), name="x")
    a = layers.MultiHeadAttention(2, 4, name="attention")(x, x)
    y = layers.LayerNormalization(epsilon=1e-6)(x + a)
    z = layers.Dense(8)(layers.Dense(16, activation="gelu")(y))
    y = layers.LayerNormalization()(y * 0.5 + z)
    return tf_keras.Model(x, layers.Dense(2)(y[:, 0]), name="transformer")


def twins():
    tower = tf_keras.Sequential(
        [tf_keras.Input((5,)), layers.Dense(4, activation="tanh"), layers.BatchNormalization()], name="tower"
    )
    a, b = tf_keras.Input((5,), name="a"), tf_keras.Input((5,), name="b")
    distance = layers.Subtract()([tower(a), tower(b)])
    return tf_keras.Model([a, b], {"same": layers.Dense(1, activation="sigmoid", name="same")(distance)}, name="twins")


def frozen_part():
    body = tf_keras.Sequential(
        [tf_keras.Input((6,)), layers.Dense(5, activation="relu"), layers.BatchNormalization(), layers.Dense(5)],
        name="body",
    )
    body.layers[0].trainable = False
    x = tf_keras.Input((6,), name="x")
    return tf_keras.Model(x, layers.Dense(2, name="head")(body(x)), name="frozen_part")


MODELS = (picture_classifier, residual, reads_both_ways, translates, transformer, twins, frozen_part)


def main():
    FOLDER.mkdir(exist_ok=True)
    random = np.random.default_rng(3)
    for made in MODELS:
        tf_keras.backend.clear_session()
        tf_keras.utils.set_random_seed(2)
        model = made()
        model.set_weights([random.uniform(0.1, 0.5, one.shape).astype(one.dtype) for one in model.get_weights()])
        given = {}
        for tensor in model.inputs:
            shape = (3, *(size or 5 for size in tensor.shape[1:]))
            name = tensor.name.split(":")[0]
            whole = tensor.dtype == "int32"
            given[name] = random.integers(1, 9, shape) if whole else random.normal(size=shape).astype("float32")
        answer = model(list(given.values()) if len(given) > 1 else next(iter(given.values())), training=False)
        answer = answer["same"] if isinstance(answer, dict) else answer
        count = np.array([len(model.layers), model.count_params()])
        np.savez_compressed(FOLDER / f"{made.__name__}.npz", answer=answer, count=count, **given)
        model.save(FOLDER / f"{made.__name__}.keras")
        model.save(FOLDER / f"{made.__name__}.h5", include_optimizer=False)
        (FOLDER / f"{made.__name__}.json").write_text(model.to_json(), encoding="utf-8")
    tf_keras.backend.clear_session()
    model = residual()
    model.load_weights(FOLDER / "residual.h5")
    model.save(FOLDER / "residual_saved", save_format="tf", include_optimizer=False)


if __name__ == "__main__":
    main()
