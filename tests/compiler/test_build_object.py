"""Plain arguments as Keras objects."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.keras


def test_nested_objects_are_made_inside_out() -> None:
    import keras

    from weftwork.compiler.build_object import build_object

    made = build_object(
        {
            "kind": "Bidirectional",
            "params": {
                "layer": {
                    "kind": "LSTM",
                    "params": {"units": 3, "kernel_initializer": {"kind": "HeNormal", "params": {"seed": 1}}},
                }
            },
        },
        "layer",
    )
    assert isinstance(made, keras.layers.Bidirectional)
    assert made.forward_layer.cell.kernel_initializer.seed == 1


@pytest.mark.parametrize(
    ("type", "module"),
    [("loss", "keras.losses"), ("metric", "keras.metrics"), ("", "keras.losses")],
)
def test_type_decides_between_classes_of_one_name(type: str, module: str) -> None:
    import keras

    from weftwork.compiler.build_object import build_object

    made = build_object({"kind": "MeanSquaredError"}, type)
    assert isinstance(made, {"keras.losses": keras.losses, "keras.metrics": keras.metrics}[module].MeanSquaredError)


def test_schedule_stands_in_an_optimizer() -> None:
    from weftwork.compiler.build_object import build_object

    params = {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}
    schedule = {"kind": "ExponentialDecay", "params": params}
    made = build_object({"kind": "SGD", "params": {"learning_rate": schedule}}, "optimizer")
    assert float(made.learning_rate) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ([1, 2], (1, 2)),
        ([[1, 2], [0, None]], ((1, 2), (0, None))),
        (["a", "b"], ["a", "b"]),
        ({"h": 2}, {"h": 2}),
        ([], ()),
        ("relu", "relu"),
        (None, None),
    ],
)
def test_lists_of_numbers_become_tuples(value: Any, made: Any) -> None:
    from weftwork.compiler.build_object import build_object

    assert build_object(value) == made
    assert type(build_object(value)) is type(made)


def test_unknown_object_is_an_error_that_names_the_parameter() -> None:
    from weftwork.compiler.build_object import BuildError, build_layer
    from weftwork.compiler.catalogue import catalogue

    params = {"units": 3, "kernel_initializer": {"kind": "Magic", "params": {}}}
    with pytest.raises(BuildError, match="Magic is in no part of the catalogue") as raised:
        build_layer(catalogue().kinds["Dense"], params)
    assert raised.value.parameter == "kernel_initializer"


def test_path_that_leads_nowhere_is_an_error() -> None:
    from weftwork.compiler.build_object import BuildError, public_object

    with pytest.raises(BuildError, match=r"Python knows no keras\.layers\.Nothing"):
        public_object("keras.layers.Nothing")
