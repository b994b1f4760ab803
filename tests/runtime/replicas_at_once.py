"""Two replicas in one short program: what they learn of a dense network, and what each leaves out by chance.

    python -m tests.runtime.replicas_at_once FOLDER

Prints one JSON line. The long table is that of test_mirrored.py.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from weftwork.runtime.quiet_tensorflow import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from weftwork.compiler.device_options import MIRRORED, Placement  # noqa: E402
from weftwork.runtime.distribution.seeds_apart import seeds_apart  # noqa: E402
from weftwork.runtime.distribution.strategies import make_devices, make_strategy  # noqa: E402

from .train_by_strategy import train  # noqa: E402

_TWO = Placement(MIRRORED, 2)


def trained_apart(folder: Path) -> dict[str, float]:
    """How far two devices end from one: weights, rows, evaluation, predictions."""
    one, two = (train("dense", count, Path(tempfile.mkdtemp(dir=folder))) for count in (1, 2))
    return {
        "weights": max(float(np.abs(a - b).max()) for a, b in zip(one["weights"], two["weights"], strict=True)),
        "rows": float(np.abs(np.delete(one["rows"] - two["rows"], 2, axis=1)).max()),
        "evaluate": max(abs(one["evaluate"][name] - two["evaluate"][name]) for name in one["evaluate"]),
        "predicted": float(np.abs(one["predicted"] - two["predicted"]).max()),
        "epochs": len(two["logs"]),
    }


def left_out() -> dict[str, list[list[bool]]]:
    """Of each replica which of its units a dropout lets through, and of a single device; twice from equal seeds."""
    strategy = make_strategy(_TWO)
    assert strategy is not None
    ones = tf.ones((1, 64))

    def masks(replicas: int) -> list[list[bool]]:
        keras.utils.set_random_seed(5)
        with strategy.scope() if replicas > 1 else tf.device("CPU:0"):
            model = keras.Sequential([keras.Input((64,)), keras.layers.Dropout(0.5)])

            def of_replica() -> tf.Tensor:
                context = tf.distribute.get_replica_context()
                with seeds_apart(model, context.replica_id_in_sync_group if context else 0):
                    return model(ones, training=True)

            @tf.function(autograph=False)
            def step() -> tuple:
                if replicas == 1:
                    return (model(ones, training=True),)
                return strategy.experimental_local_results(strategy.run(of_replica))

            return [(np.asarray(part)[0] > 0).tolist() for part in step()]

    return {"one": masks(1), "two": masks(2), "again": masks(2)}


def main(folder: Path) -> None:
    make_devices(_TWO)
    print(json.dumps({"apart": trained_apart(folder), "masks": left_out()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
