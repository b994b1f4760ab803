"""Every setting of a training cell against plain Keras: the same arguments to `compile` and `fit`, the same batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from weftwork.compiler.document import Choice, DataCell, NetworkCell, Node, Notebook, TrainingCell, Wire
from weftwork.compiler.to_keras import build_model
from weftwork.runtime.batches import epoch_order
from weftwork.runtime.run_directory import RunDirectory, create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.train_here import train_here
from weftwork.runtime.training_task import read_task

from .small_notebooks import node
from .small_notebooks import two_outputs as with_two_outputs

pytestmark = pytest.mark.keras

ROWS, BATCH, EPOCHS, SEED = 60, 16, 2, 5
LOSS, METRIC = keras.losses.SparseCategoricalCrossentropy, keras.metrics.SparseCategoricalAccuracy


def notebook(folder: Path, *, roles: dict[str, str] | None = None, **settings: Any) -> Notebook:
    """Two layers on a table of four numbers, a class of three, and a column that says how far a row is trusted."""
    random = np.random.default_rng(1)
    numbers = random.normal(size=(ROWS, 4)).round(3)
    kinds = np.array(["a", "b", "c"])[np.digitize(numbers.sum(axis=1), [-0.5, 2])]
    lines = ["one,two,three,four,kind,trust"]
    lines += [
        ",".join([*map(str, row), kind, str(trust)])
        for row, kind, trust in zip(numbers.tolist(), kinds, random.uniform(0.2, 3, ROWS).round(3), strict=True)
    ]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    nodes = {
        "x": Node(kind="Input", params={"shape": [4]}, label="x"),
        "first": node("Dense", units=6, activation="relu", kernel_regularizer={"kind": "L2", "params": {"l2": 0.01}}),
        "drop": node("Dropout"),
        "last": node("Dense", units=3, activation="softmax"),
        "y": Node(kind="Output", label="y"),
    }
    nodes["drop"] = node("Dropout", rate=settings.pop("rate", 0.2))
    ids = list(nodes)
    wires = {f"w{i}": Wire(source=(ids[i], "output"), target=(ids[i + 1], "inputs", 0)) for i in range(len(ids) - 1)}
    if "frozen" in settings:
        frozen = settings.pop("frozen")
        nodes[frozen] = nodes[frozen].model_copy(update={"params": {**nodes[frozen].params, "trainable": False}})
    data = DataCell(
        id="data_1",
        name="rows",
        source="csv",
        location="rows.csv",
        roles={"kind": "target", "trust": "ignore", **(roles or {})},
    )
    cell = TrainingCell(
        id="training_1",
        name="train",
        network="net",
        data="rows",
        **{"batch_size": BATCH, "epochs": EPOCHS, "seed": SEED, **settings},
    )
    return Notebook(cells=(data, NetworkCell(id="network_1", name="net", nodes=nodes, wires=wires), cell))


def trained(folder: Path, notebook: Notebook) -> tuple[keras.Model, RunDirectory]:
    """The model of a run of the notebook, and the run."""
    run = create_run(folder, notebook, "train", notebook_name="a.weft")
    state = train_here(run)
    assert state == "finished", run.message()
    model = keras.saving.load_model(run.model_path)
    assert isinstance(model, keras.Model)
    return model, run


def plain(folder: Path, notebook: Notebook, *, before: Any = None, fit: Any = None, **compiled: Any):
    """The same network by `compile` and `fit`; gives the model and its history."""
    task = read_task(RunRecord(create_run(folder, notebook, "train", notebook_name="a.weft")))
    arrays, plan = task.arrays, task.plan
    keras.utils.set_random_seed(plan.seed)
    model = build_model(task.program)
    if before:
        before(model)
    model.output_names = [output.name for output in task.program.outputs]
    model.compile(**{"jit_compile": False, **compiled})
    more: dict[str, Any] = dict(fit or {})
    weights = more.pop("sample_weight", None)
    whole = (arrays.x, arrays.y) if weights is None else (arrays.x, arrays.y, weights[0])

    def batches():
        for epoch in range(plan.epochs):
            order = epoch_order(plan.seed, epoch, arrays.rows)
            for begin in range(0, arrays.rows, plan.batch_size):
                chosen = order[begin : begin + plan.batch_size]
                yield tf.nest.map_structure(lambda array, chosen=chosen: array[chosen], whole)

    signature = tf.nest.map_structure(lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), whole)
    held_back = (arrays.validation_x, arrays.validation_y)
    history = model.fit(
        tf.data.Dataset.from_generator(batches, output_signature=signature),
        epochs=plan.epochs,
        steps_per_epoch=-(-arrays.rows // plan.batch_size),
        validation_data=held_back if weights is None else (*held_back, weights[1]),
        validation_batch_size=plan.batch_size,
        shuffle=False,
        verbose=0,
        **more,
    )
    return model, history.history, task


def same(run: RunDirectory, ours: keras.Model, theirs: keras.Model, history: dict[str, list[float]]) -> None:
    for our, their in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(our, their)
    told = [event["metrics"] for event in run.epochs()]
    assert told == [
        {name: float(np.mean(series[epoch])) for name, series in history.items() if name != "learning_rate"}
        for epoch in range(len(told))
    ]


def choice(kind: str, **params: Any) -> Choice:
    return Choice(kind=kind, params=params)


def schedule(kind: str, **params: Any) -> dict[str, Any]:
    return {"kind": kind, "params": params}


PIECES = {"boundaries": [2, 5], "values": [0.1, 0.05, 0.01]}
OPTIMIZERS = {
    "clipped by norm, decayed": (choice("Adam", learning_rate=0.01, clipnorm=0.1, weight_decay=0.02, amsgrad=True)),
    "clipped by value, Nesterov": (choice("SGD", learning_rate=0.1, momentum=0.9, nesterov=True, clipvalue=0.05)),
    "clipped together": (choice("RMSprop", centered=True, global_clipnorm=0.1)),
    "gathered": (choice("Lion", learning_rate=0.01, gradient_accumulation_steps=3)),
    "averaged": (choice("AdamW", learning_rate=0.05, use_ema=True, ema_momentum=0.8)),
    "averaged and replaced": (choice("Adam", learning_rate=0.05, use_ema=True, ema_overwrite_frequency=3)),
    "in pieces": (choice("SGD", learning_rate=schedule("PiecewiseConstantDecay", **PIECES))),
    "gathered under a schedule": (
        choice(
            "Nadam",
            learning_rate=schedule("CosineDecay", initial_learning_rate=0.02, decay_steps=5),
            gradient_accumulation_steps=2,
        )
    ),
}


def keras_optimizer(chosen: Choice) -> keras.optimizers.Optimizer:
    """By Keras' own reading of a configuration, not by ours."""
    config = dict(chosen.params)
    if isinstance(config.get("learning_rate"), dict):
        rate = config["learning_rate"]
        config["learning_rate"] = getattr(keras.optimizers.schedules, rate["kind"])(**rate["params"])
    return getattr(keras.optimizers, chosen.kind)(**config)


# The others take longer than the suite allows.
QUICK = ("clipped by norm, decayed", "averaged and replaced", "gathered under a schedule")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in OPTIMIZERS]
)
def test_optimizer_with_its_arguments_trains_as_in_keras(name, tmp_path):
    drawn = notebook(tmp_path, optimizer=OPTIMIZERS[name])
    ours, run = trained(tmp_path, drawn)
    optimizer = keras_optimizer(OPTIMIZERS[name])
    theirs, history, _ = plain(tmp_path, drawn, optimizer=optimizer, loss=LOSS(), metrics=[METRIC(name="accuracy")])
    same(run, ours, theirs, history)


def test_losses_their_weights_and_several_metrics_train_as_in_keras(tmp_path):
    drawn = with_two_outputs(
        tmp_path,
        rows=64,
        batch_size=BATCH,
        epochs=EPOCHS,
        losses={"y": choice("SparseCategoricalCrossentropy"), "z": choice("Huber", delta=0.3)},
        metrics={
            "y": (choice("SparseCategoricalAccuracy"), choice("SparseTopKCategoricalAccuracy", k=2, name="top_two")),
            "z": (choice("MeanAbsoluteError"), choice("RootMeanSquaredError")),
        },
        optimizer=choice("Adam", learning_rate=0.01),
        options={"loss_weights": {"z": 0.25}},
    )
    ours, run = trained(tmp_path, drawn)
    theirs, history, _ = plain(
        tmp_path,
        drawn,
        optimizer=keras.optimizers.Adam(0.01),
        loss={"y": LOSS(), "z": keras.losses.Huber(delta=0.3)},
        loss_weights={"y": 1.0, "z": 0.25},
        metrics={
            "y": [METRIC(name="accuracy"), keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top_two")],
            "z": [keras.metrics.MeanAbsoluteError(name="mae"), keras.metrics.RootMeanSquaredError(name="rmse")],
        },
    )
    same(run, ours, theirs, history)
    assert {"y_top_two", "z_rmse", "y_loss", "z_loss"} <= set(run.columns())


def test_class_weights_train_as_in_keras(tmp_path):
    drawn = notebook(tmp_path, options={"class_weight": {"a": 3.0, "c": 0.5}})
    ours, run = trained(tmp_path, drawn)
    theirs, history, _ = plain(
        tmp_path,
        drawn,
        optimizer="adam",
        loss=LOSS(),
        metrics=[METRIC(name="accuracy")],
        fit={"class_weight": {0: 3.0, 2: 0.5}},
    )
    same(run, ours, theirs, history)


def test_balanced_class_weights_are_those_of_scikit_learn(tmp_path):
    from sklearn.utils.class_weight import compute_class_weight

    drawn = notebook(tmp_path, options={"class_weight": "balanced"})
    task = read_task(RunRecord(create_run(tmp_path, drawn, "train", notebook_name="a.weft")))
    weights = compute_class_weight("balanced", classes=np.arange(3), y=task.arrays.y)
    np.testing.assert_allclose(task.arrays.weights, weights[task.arrays.y], rtol=1e-6)
    assert task.arrays.validation_weights is None


@pytest.mark.parametrize("weighted", [False, True], ids=["metrics of rows", "metrics of weights"])
def test_column_of_weights_counts_as_in_keras(weighted, tmp_path):
    options = {"weighted_metrics": True} if weighted else {}
    drawn = notebook(tmp_path, roles={"trust": "weight"}, options=options)
    ours, run = trained(tmp_path, drawn)
    table = np.genfromtxt(tmp_path / "rows.csv", delimiter=",", skip_header=1, usecols=5).astype("float32")
    task = read_task(RunRecord(create_run(tmp_path, drawn, "train", notebook_name="a.weft")))
    # The split is the data cell's own affair; which rows went where is known from the weights themselves.
    assert sorted([*task.arrays.weights, *task.arrays.validation_weights]) == sorted(table)
    measured = {"weighted_metrics" if weighted else "metrics": [METRIC(name="accuracy")]}
    theirs, history, _ = plain(
        tmp_path,
        drawn,
        optimizer="adam",
        loss=LOSS(),
        fit={"sample_weight": (task.arrays.weights, task.arrays.validation_weights)},
        **measured,
    )
    same(run, ours, theirs, history)


def test_column_of_weights_can_be_left_aside(tmp_path):
    drawn = notebook(tmp_path, roles={"trust": "weight"}, options={"sample_weight": False})
    task = read_task(RunRecord(create_run(tmp_path, drawn, "train", notebook_name="a.weft")))
    assert task.arrays.weights is None


def test_callbacks_act_as_in_keras(tmp_path):
    callbacks = (
        choice("ReduceLROnPlateau", monitor="loss", factor=0.5, patience=1, min_delta=10.0),
        choice("EarlyStopping", monitor="val_accuracy", patience=2, min_delta=1.0, restore_best_weights=True),
    )
    drawn = notebook(tmp_path, callbacks=callbacks, epochs=8, optimizer=choice("Adam", learning_rate=0.05))
    ours, run = trained(tmp_path, drawn)
    made = [getattr(keras.callbacks, callback.kind)(**callback.params) for callback in callbacks]
    theirs, history, _ = plain(
        tmp_path,
        drawn,
        optimizer=keras.optimizers.Adam(0.05),
        loss=LOSS(),
        metrics=[METRIC(name="accuracy")],
        fit={"callbacks": made},
    )
    assert len(run.epochs()) == len(history["loss"]) < 8
    same(run, ours, theirs, history)


def test_averaged_weights_are_swapped_in_for_validation_as_in_keras(tmp_path):
    optimizer = choice("Adam", learning_rate=0.05, use_ema=True, ema_momentum=0.8)
    drawn = notebook(tmp_path, callbacks=(choice("SwapEMAWeights"), choice("TerminateOnNaN")), optimizer=optimizer)
    ours, run = trained(tmp_path, drawn)
    theirs, history, _ = plain(
        tmp_path,
        drawn,
        optimizer=keras_optimizer(optimizer),
        loss=LOSS(),
        metrics=[METRIC(name="accuracy")],
        fit={"callbacks": [keras.callbacks.SwapEMAWeights(), keras.callbacks.TerminateOnNaN()]},
    )
    same(run, ours, theirs, history)


def test_frozen_layer_keeps_its_weights_and_the_rest_trains_as_in_keras(tmp_path):
    drawn = notebook(tmp_path, frozen="first")
    ours, run = trained(tmp_path, drawn)

    def freeze(model):
        model.get_layer("dense").trainable = False

    theirs, history, _ = plain(
        tmp_path, drawn, before=freeze, optimizer="adam", loss=LOSS(), metrics=[METRIC(name="accuracy")]
    )
    same(run, ours, theirs, history)


def test_rate_factor_of_nothing_equals_frozen(tmp_path):
    resting, _ = trained(tmp_path, notebook(tmp_path, options={"rate_factors": {"first": 0}}))
    frozen, _ = trained(tmp_path, notebook(tmp_path, frozen="first"))
    for our, their in zip(resting.get_weights(), frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(our, their)


@pytest.mark.parametrize(
    "optimizer",
    [
        choice("Adam", learning_rate=0.02, weight_decay=0.1),
        choice("SGD", learning_rate=0.1, momentum=0.9, nesterov=True),
        choice("AdamW", learning_rate=schedule("CosineDecay", initial_learning_rate=0.02, decay_steps=6)),
        pytest.param(choice("Ftrl", learning_rate=0.1), marks=pytest.mark.long),
        pytest.param(choice("Muon", learning_rate=0.01), marks=pytest.mark.long),
    ],
    ids=lambda chosen: chosen.kind,
)
def test_rate_factor_equals_an_optimizer_for_each_part(optimizer, tmp_path):
    drawn = notebook(tmp_path, optimizer=optimizer, options={"rate_factors": {"first": 0.1}})
    ours, _ = trained(tmp_path, drawn)
    task = read_task(RunRecord(create_run(tmp_path, drawn, "train", notebook_name="a.weft")))
    keras.utils.set_random_seed(SEED)
    model = build_model(task.program)
    slow, fast = keras_optimizer(slower(optimizer)), keras_optimizer(optimizer)
    few, rest = model.get_layer("dense").trainable_variables, model.get_layer("dense_1").trainable_variables
    loss_of = LOSS()
    arrays = task.arrays
    for epoch in range(EPOCHS):
        order = epoch_order(SEED, epoch, arrays.rows)
        for begin in range(0, arrays.rows, BATCH):
            rows = order[begin : begin + BATCH]
            with tf.GradientTape() as tape:
                loss = loss_of(arrays.y[rows], model(arrays.x[rows], training=True)) + sum(model.losses)
            gradients = tape.gradient(loss, [*few, *rest])
            slow.apply(gradients[: len(few)], few)
            fast.apply(gradients[len(few) :], rest)
    for our, their in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(our, their, atol=2e-6)


def slower(chosen: Choice) -> Choice:
    rate = chosen.params["learning_rate"]
    if isinstance(rate, dict):
        first = rate["params"]["initial_learning_rate"] * 0.1
        slow: Any = {**rate, "params": {**rate["params"], "initial_learning_rate": first}}
    else:
        slow = rate * 0.1
    return Choice(kind=chosen.kind, params={**chosen.params, "learning_rate": slow})
