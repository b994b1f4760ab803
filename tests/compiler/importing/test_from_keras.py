import json

import keras
import pytest
from keras import layers

from weftwork.compiler.document import Notebook
from weftwork.compiler.document_file import read_notebook, write_notebook
from weftwork.compiler.from_keras import ImportRefused, from_config, from_model
from weftwork.compiler.importing.as_notebook import as_notebook
from weftwork.compiler.to_python import model_source

from .back_again import built_again, largest_difference, leaf_layers, program_of
from .keras_models import MODELS


@pytest.fixture(autouse=True)
def fresh_names():
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)


@pytest.mark.parametrize("name", MODELS)
def test_an_imported_model_has_equal_layers_parameters_and_outputs(name):
    model = MODELS[name]()

    imported = from_config(json.loads(model.to_json()))

    assert imported.report.placeholders == []
    again = built_again(model, imported)
    assert again.count_params() == model.count_params()
    assert largest_difference(model, again) <= 1e-6


@pytest.mark.parametrize("name", MODELS)
def test_an_imported_model_printed_as_python_is_the_same_model(name):
    model = MODELS[name]()

    source = model_source(program_of(from_model(model)))
    keras.backend.clear_session()
    space: dict = {}
    exec(source, space)
    again = space["build_model"]()

    given, ours = dict(leaf_layers(model)), dict(leaf_layers(again))
    assert sorted(given) == sorted(ours)
    for one, layer in given.items():
        ours[one].set_weights(layer.get_weights())
    assert again.count_params() == model.count_params()
    assert largest_difference(model, again) <= 1e-6


@pytest.mark.parametrize("name", ["nested", "operators", "recurrent"])
def test_imported_networks_survive_their_file(name):
    imported = from_model(MODELS[name]())

    notebook, problems = read_notebook(write_notebook(Notebook(cells=imported.cells)))

    assert problems == []
    assert notebook.cells == imported.cells


def test_models_inside_models_become_networks_used_as_nodes():
    *inner, outer = from_model(MODELS["nested"]()).cells

    assert [cell.name for cell in inner] == ["inside", "join", "tail"]
    kinds = [node.kind for node in outer.nodes.values()]
    assert kinds.count("network:join") == 2
    assert kinds.count("network:tail") == 1
    first, second = (id_ for id_, node in outer.nodes.items() if node.kind == "network:join")
    assert outer.nodes[first].shares is None
    assert outer.nodes[second].shares == first


def test_a_layer_called_twice_is_one_layer_and_a_node_that_shares_it():
    (cell,) = from_model(MODELS["shared_layers"]()).cells

    dense = {id_: node for id_, node in cell.nodes.items() if node.kind == "Dense"}
    owner = next(id_ for id_, node in dense.items() if node.shares is None)
    assert [node.shares for node in dense.values()] == [None, owner, owner]


def test_only_what_differs_from_the_defaults_is_kept():
    (cell,) = from_model(MODELS["plain"]()).cells

    params = {node.label: node.params for node in cell.nodes.values() if node.kind not in ("Input", "Output")}
    assert params["conv2d"] == {
        "filters": 4,
        "kernel_size": [3, 3],
        "strides": [2, 2],
        "padding": "same",
        "use_bias": False,
        "kernel_regularizer": "l2",
    }
    assert params["batch_normalization"] == {"momentum": 0.9}
    assert params["dense"]["kernel_initializer"] == {"kind": "HeNormal", "params": {"seed": 3}}


def test_layers_of_somebodys_own_and_lambdas_become_placeholders_with_their_config():
    x = keras.Input((3,))
    y = layers.Dense(3)(x)
    y = layers.Lambda(lambda t: t * 2, name="code")(y)
    config = json.loads(keras.Model(x, layers.Dense(2)(y)).to_json())
    entry = next(layer for layer in config["config"]["layers"] if layer["name"] == "dense")
    entry |= {"module": "ours", "class_name": "Doubled", "registered_name": "ours>Doubled"}
    entry["config"] = {"name": "dense", "by": 3, "dtype": "float32"}

    imported = from_config(config)

    (cell,) = imported.cells
    nodes = {node.label: node for node in cell.nodes.values()}
    assert nodes["dense"].kind == "ours>Doubled"
    assert nodes["dense"].params["by"] == 3
    assert nodes["dense"].model_extra["imported"]["registered_name"] == "ours>Doubled"
    assert nodes["code"].kind == "Lambda"
    assert nodes["code"].params["function"]["class_name"] == "__lambda__"
    assert [why for _, _, why in imported.report.placeholders] == [
        "is of a class that is not of Keras",
        "holds Python code",
    ]
    assert len(cell.wires) == 4


def test_what_a_lambda_computes_gives_and_takes_is_kept_and_its_code_is_shown():
    x = keras.Input((3,))
    y = layers.Lambda(lambda t: t * 2, name="code")(layers.Dense(3)(x))

    imported = from_model(keras.Model(x, layers.Dense(2)(y)))

    (cell,) = imported.cells
    (node,) = (node for node in cell.nodes.values() if node.label == "code")
    assert node.model_extra["imported"]["call"]["args"] == [{"tensor": 0}]
    assert node.model_extra["imported"]["outputs"] == [{"shape": [None, 3], "dtype": "float32"}]
    about = as_notebook(imported, "code", imported.report.lines()).cells[0]
    assert "```python\nlambda t: t * 2\n```" in about.text


def test_a_class_of_keras_name_from_elsewhere_is_no_layer_of_keras():
    config = json.loads(MODELS["plain"]().to_json())
    entry = config["config"]["layers"][-1]
    entry |= {"module": "somewhere.layers", "registered_name": "Dense"}

    imported = from_config(config)

    assert len(imported.report.placeholders) == 1


def test_an_input_that_nothing_uses_is_kept():
    x, loose = keras.Input((3,), name="x"), keras.Input((2,), name="loose", optional=True)
    model = keras.Model([x, loose], layers.Dense(2)(x))

    (cell,) = from_model(model).cells

    assert {node.label: node.params for node in cell.nodes.values() if node.kind == "Input"} == {
        "x": {"shape": [3]},
        "loose": {"shape": [2], "optional": True},
    }


def test_layers_that_lead_in_a_circle_are_refused():
    config = json.loads(MODELS["plain"]().to_json())
    model = keras.Model(x := keras.Input((3,)), layers.Dense(3, name="b")(layers.Dense(3, name="a")(x)))
    config = json.loads(model.to_json())
    first = next(layer for layer in config["config"]["layers"] if layer["name"] == "a")
    first["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = ["b", 0, 0]

    with pytest.raises(ImportRefused, match="circle"):
        from_config(config)


def test_a_subclassed_model_is_refused_in_one_line():
    with pytest.raises(ImportRefused, match="Mine has no layers in its config"):
        from_config({"class_name": "Mine", "module": "mine", "config": {"name": "m"}})


def test_masks_that_keras_passes_on_stay_masks():
    imported = from_model(MODELS["recurrent"]())

    program = program_of(imported)

    assert ["mask" in call.arguments for call in program.calls if call.kind == "LSTM"] == [True, False]


def test_every_operation_that_a_config_may_name_is_a_kind():
    from weftwork.compiler.importing.operations import _operation_classes, operation_kind

    unknown = {name for name in _operation_classes() if operation_kind(name) is None}

    # What stands for code, and a class that only others are made of.
    assert unknown == {"Function", "SegmentReduction"}
