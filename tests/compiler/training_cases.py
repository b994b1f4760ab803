"""Trainings with one mistake each: network, settings, data, and what is to be said of them."""

from __future__ import annotations

from dataclasses import replace

from trainings import DIGITS, ONE_HOT, PICTURES, PRICES, TUMOURS, choice

from weftwork.compiler.specs import DataDescription, DataField


def head(units: int, activation: str = "linear", shape: str = "[30]") -> str:
    return f"""
        x: Input(shape={shape})
        last: Dense(units={units}, activation={activation!r}) <- x
        out: Output <- last
    """


def loss(kind: str, **params):
    return {"losses": {"out": choice(kind, **params)}}


SPARSE = loss("SparseCategoricalCrossentropy")
SPARSE_LOGITS = loss("SparseCategoricalCrossentropy", from_logits=True)
ROWS = replace(DIGITS, fields={**DIGITS.fields, "image": DataField("image", (30,))})
NUMBERS = DataDescription(fields={"x": DataField("x", (4,)), "y": DataField("y", (3,), role="target")}, rows=50)
WORDS = replace(PRICES, fields={**PRICES.fields, "features": DataField("features", (8,), "string")})
WHOLE = replace(PRICES, fields={**PRICES.fields, "features": DataField("features", (8,), "int32")})
WEIGHTED = replace(ROWS, fields={**ROWS.fields, "trust": DataField("trust", (), role="weight")})
PLATEAU = choice("ReduceLROnPlateau")


def pieces(boundaries: list[int], values: list[float]) -> dict:
    return {"kind": "PiecewiseConstantDecay", "params": {"boundaries": boundaries, "values": values}}


# name: (text, settings of the training, data, codes and places)
CASES = {
    "digits as they should be": (head(10, "softmax"), {}, ROWS, []),
    "logits as they should be": (head(10), SPARSE_LOGITS, ROWS, []),
    "one unit for two classes": (head(1, "sigmoid"), loss("BinaryCrossentropy"), TUMOURS, []),
    "whole numbers for an Input of fractions": (head(1, shape="[8]"), {}, WHOLE, []),
    "an open size": (head(1, shape="[None]").replace("linear", "linear"), {}, PRICES, []),
    "another input shape": (head(1, shape="[7]"), {}, PRICES, [("T403", "x.shape")]),
    "an image without its channel": (
        "x: Input(shape=[8, 8])\nout: Output <- x",
        {"targets": {"out": "x"}},
        PICTURES,
        [("T403", "x.shape"), ("T408", "out.losses")],
    ),
    "fractions for an Input of whole numbers": (
        "x: Input(shape=[8], dtype='int32')\nlast: Dense(units=1) <- x\nout: Output <- last",
        {},
        PRICES,
        [("T404", "x.dtype")],
    ),
    "words for an Input of numbers": (head(1, shape="[8]"), {}, WORDS, [("T404", "x.dtype")]),
    "too few units for the classes": (head(9, "softmax"), SPARSE, ROWS, [("T409", "last.units")]),
    "more units than classes": (head(11, "softmax"), SPARSE, ROWS, [("T409", "last.units")]),
    "one unit for ten classes": (head(1, "sigmoid"), SPARSE, ROWS, [("T409", "last.units")]),
    "one unit for two classes, as if for more": (head(1, "sigmoid"), SPARSE, TUMOURS, [("T409", "last.units")]),
    "units that are not one for each of one-hot classes": (
        head(4, "softmax", "[4]"),
        loss("CategoricalCrossentropy"),
        ONE_HOT,
        [("T409", "last.units")],
    ),
    "probabilities for logits": (head(10, "softmax"), SPARSE_LOGITS, ROWS, [("T410", "out.losses")]),
    "a probability for a logit": (
        head(1, "sigmoid"),
        loss("BinaryCrossentropy", from_logits=True),
        TUMOURS,
        [("T410", "out.losses")],
    ),
    "logits for probabilities": (head(10), SPARSE, ROWS, [("T411", "out.losses")]),
    "a logit for a probability": (head(1), loss("BinaryCrossentropy"), TUMOURS, [("T411", "out.losses")]),
    "relu for probabilities": (head(10, "relu"), SPARSE, ROWS, [("T411", "out.losses")]),
    "class numbers for one-hot": (
        head(10, "softmax"),
        loss("CategoricalCrossentropy"),
        ROWS,
        [("T412", "out.losses")],
    ),
    "one-hot for class numbers": (head(3, "softmax", "[4]"), SPARSE, ONE_HOT, [("T412", "out.losses")]),
    "a loss for classes on a quantity": (head(1, shape="[8]"), SPARSE_LOGITS, PRICES, [("T412", "out.losses")]),
    "two units for a binary loss": (head(2, "softmax"), loss("BinaryCrossentropy"), TUMOURS, [("T413", "out.losses")]),
    "one unit for ten classes, binary": (
        head(1, "sigmoid"),
        loss("BinaryCrossentropy"),
        ROWS,
        [("T413", "out.losses")],
    ),
    "a softmax over one unit": (head(1, "softmax"), loss("BinaryCrossentropy"), TUMOURS, [("T413", "out.losses")]),
    "squares for a probability": (head(1, "sigmoid"), loss("MeanSquaredError"), TUMOURS, [("T414", "out.losses")]),
    "squares for class numbers": (head(10, "softmax"), loss("MeanSquaredError"), ROWS, [("T414", "out.losses")]),
    "a quantity behind a softmax": (head(1, "softmax", "[8]"), {}, PRICES, [("T415", "out.losses")]),
    "several quantities behind a softmax": (head(3, "softmax", "[4]"), {}, NUMBERS, [("T415", "out.losses")]),
    "several numbers for one": (head(4, shape="[8]"), {}, PRICES, [("T408", "out.losses")]),
    "other sizes than the target": (head(4, shape="[4]"), {}, NUMBERS, [("T408", "out.losses")]),
    "pictures of classes for one class": (
        "x: Input(shape=[28, 28, 1])\nlast: Dense(units=10, activation='softmax') <- x\nout: Output <- last",
        {},
        DIGITS,
        [("T408", "out.losses")],
    ),
    "an unknown loss": (head(1, shape="[8]"), loss("mse"), PRICES, [("T416", "out.losses")]),
    "an unknown optimizer": (head(1, shape="[8]"), {"optimizer": choice("Adm")}, PRICES, [("T416", "optimizer")]),
    "an unknown metric": (
        head(1, shape="[8]"),
        {"metrics": {"out": (choice("MeanError"),)}},
        PRICES,
        [("T416", "out.metrics")],
    ),
    "an unknown callback": (
        head(1, shape="[8]"),
        {"callbacks": (choice("EarlyStop"), choice("TerminateOnNaN"))},
        PRICES,
        [("T416", "callbacks")],
    ),
    "a bad argument of the optimizer": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", momentun=0.9)},
        PRICES,
        [("P302", "optimizer.momentun")],
    ),
    "a bad argument of a callback": (
        head(1, shape="[8]"),
        {"callbacks": (choice("EarlyStopping", patience="3"),)},
        PRICES,
        [("P304", "callbacks.patience")],
    ),
    "a bad argument of a loss": (
        head(1, shape="[8]"),
        loss("Huber", delta="one"),
        PRICES,
        [("P304", "out.losses.delta")],
    ),
    "settings for a node that is gone": (
        head(1, shape="[8]"),
        {"inputs": {"old": "features"}, "metrics": {"old": ()}},
        PRICES,
        [("T417", "inputs")],
    ),
    "no rows in a batch": (head(1, shape="[8]"), {"batch_size": 0}, PRICES, [("T418", "batch_size")]),
    "more rows in a batch than there are": (
        head(1, shape="[8]"),
        {"batch_size": 4096},
        PRICES,
        [("T418", "batch_size")],
    ),
    "no epochs": (head(1, shape="[8]"), {"epochs": 0}, PRICES, [("T419", "epochs")]),
    "batches of one with batch normalization": (
        "x: Input(shape=[8])\nn: BatchNormalization <- x\nlast: Dense(units=1) <- n\nout: Output <- last",
        {"batch_size": 1},
        PRICES,
        [("T421", "batch_size")],
    ),
    "a learning rate of nothing": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", learning_rate=0)},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a learning rate below nothing": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", learning_rate=-0.1)},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a learning rate that leaps": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", learning_rate=10)},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a schedule for the learning rate": (
        head(1, shape="[8]"),
        {
            "optimizer": choice(
                "Adam",
                learning_rate={
                    "kind": "CosineDecay",
                    "params": {"initial_learning_rate": 0.01, "decay_steps": 100},
                },
            )
        },
        PRICES,
        [],
    ),
    "an accuracy that counts equal numbers": (
        head(10, "softmax"),
        {"metrics": {"out": (choice("Accuracy"),)}},
        ROWS,
        [("T424", "out.metrics")],
    ),
    "an accuracy for a quantity": (
        head(1, shape="[8]"),
        {"metrics": {"out": (choice("MeanAbsoluteError"), choice("BinaryAccuracy"))}},
        PRICES,
        [("T424", "out.metrics")],
    ),
    "two ways of clipping": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", clipnorm=1.0, clipvalue=0.5)},
        PRICES,
        [("T445", "optimizer.clipvalue")],
    ),
    "gradients gathered over one batch": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", gradient_accumulation_steps=1)},
        PRICES,
        [("T446", "optimizer.gradient_accumulation_steps")],
    ),
    "an average that is not kept": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", ema_overwrite_frequency=10)},
        PRICES,
        [("T446", "optimizer.ema_overwrite_frequency")],
    ),
    "a schedule with a rate too few": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", learning_rate=pieces([10, 20], [0.1, 0.01]))},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a schedule whose steps go back": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", learning_rate=pieces([20, 10], [0.1, 0.01, 0.001]))},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "options of the wrong form": (
        head(1, shape="[8]"),
        {"options": {"precision": "float8", "xla": "yes", "rate_factors": {"last": "slow"}}},
        PRICES,
        [("T440", "options.rate_factors"), ("T440", "options.precision"), ("T440", "options.xla")],
    ),
    "options of another tool": (head(1, shape="[8]"), {"options": {"sweep": [1, 2]}}, PRICES, []),
    "a weight for a class that is not there": (
        head(10, "softmax"),
        {"options": {"class_weight": {"1": 2.0, "eleven": 3}}},
        ROWS,
        [("T441", "options.class_weight")],
    ),
    "class weights for a quantity": (
        head(1, shape="[8]"),
        {"options": {"class_weight": "balanced"}},
        PRICES,
        [("T441", "options.class_weight")],
    ),
    "rows weighted twice": (
        head(10, "softmax"),
        {"options": {"class_weight": "balanced"}},
        WEIGHTED,
        [("T442", "options.class_weight")],
    ),
    "metrics of weights that are not there": (
        head(1, shape="[8]"),
        {"options": {"weighted_metrics": True}},
        PRICES,
        [("T442", "options.weighted_metrics")],
    ),
    "every layer at rest": (
        head(1, shape="[8]"),
        {"options": {"rate_factors": {"last": 0}}},
        PRICES,
        [("T443", "last.trainable")],
    ),
    "a rate factor for what has no weights": (
        head(1, shape="[8]"),
        {"options": {"rate_factors": {"x": 0.1}}},
        PRICES,
        [("T444", "x.options.rate_factors")],
    ),
    "options for nodes that are gone": (
        head(1, shape="[8]"),
        {"options": {"rate_factors": {"old": 0.1, "last": 0.5}, "loss_weights": {"old": 2}}},
        PRICES,
        [("T417", "options.loss_weights")],
    ),
    "an average to swap that is not kept": (
        head(1, shape="[8]"),
        {"callbacks": (choice("SwapEMAWeights"),)},
        PRICES,
        [("T447", "callbacks")],
    ),
    "a plateau under a schedule": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", learning_rate=pieces([10], [0.1, 0.01])), "callbacks": (PLATEAU,)},
        PRICES,
        [("T447", "callbacks")],
    ),
    "a callback that watches nothing": (
        head(1, shape="[8]"),
        {"callbacks": (choice("EarlyStopping", monitor="val_accuracy"),)},
        PRICES,
        [("T447", "callbacks")],
    ),
    "a callback that watches what is there": (
        head(1, shape="[8]"),
        {"callbacks": (choice("EarlyStopping", monitor="val_mae"), PLATEAU)},
        PRICES,
        [],
    ),
    "a callback that writes elsewhere": (
        head(1, shape="[8]"),
        {"callbacks": (choice("CSVLogger", filename="log.csv"),)},
        PRICES,
        [("T448", "callbacks")],
    ),
}
WARNINGS = {
    "more units than classes",
    "squares for a probability",
    "several quantities behind a softmax",
    "settings for a node that is gone",
    "more rows in a batch than there are",
    "batches of one with batch normalization",
    "a learning rate that leaps",
    "an accuracy that counts equal numbers",
    "an accuracy for a quantity",
    "an average that is not kept",
    "metrics of weights that are not there",
    "a rate factor for what has no weights",
    "options for nodes that are gone",
    "a callback that watches nothing",
}
