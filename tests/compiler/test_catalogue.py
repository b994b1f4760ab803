"""The catalogue as the editor reads it: without Keras."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from weftwork.compiler import keras_catalogue as reading
from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.catalogue_json import REGISTRIES, from_json, to_json
from weftwork.compiler.catalogue_types import Entry, Kind, Parameter

TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "text": (str,),
    "sizes": (int, list),
    "shape": (list,),
    "ints": (list,),
    "dtype": (str,),
    "axis": (int, list),
    "activation": (str, dict),
    "initializer": (str, dict),
    "regularizer": (str, dict),
    "constraint": (str, dict),
    "layer": (dict,),
    "layers": (list,),
    "schedule": (int, float, dict),
    "loss": (str, dict),
    "metric": (str, dict),
    "optimizer": (str, dict),
}


def everything() -> list[Kind | Entry]:
    known = catalogue()
    entries = [entry for registry in REGISTRIES for entry in getattr(known, registry).values()]
    return [*known.kinds.values(), *entries]


def test_catalogue_is_read_without_importing_keras() -> None:
    code = (
        "import sys; from weftwork.compiler.catalogue import catalogue; catalogue().kinds['Dense'];"
        "print(sorted({'keras', 'tensorflow', 'jax', 'torch'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"


def test_catalogue_survives_json_unchanged() -> None:
    known = catalogue()
    assert from_json(json.loads(json.dumps(to_json(known)))) == known


def test_every_name_is_the_key_under_which_it_stands() -> None:
    known = catalogue()
    for section in ("kinds", *REGISTRIES):
        assert all(name == entry.name for name, entry in getattr(known, section).items())
    for entry in everything():
        assert all(name == parameter.name for name, parameter in entry.parameters.items())


def fits(value: object, parameter: Parameter) -> bool:
    if parameter.type == "json":
        return True
    if parameter.type == "choice":
        return value in parameter.choices
    if not isinstance(value, TYPES[parameter.type]) or (isinstance(value, bool) and parameter.type != "bool"):
        return False
    if isinstance(value, bool | str | list | dict):
        return True
    assert isinstance(value, int | float)
    least, most = parameter.minimum, parameter.maximum
    return (least is None or value >= least) and (most is None or value <= most)


def test_defaults_and_first_values_fit_their_own_type_and_range() -> None:
    wrong = [
        (entry.keras, parameter.name, value)
        for entry in everything()
        for parameter in entry.parameters.values()
        for value in (parameter.default, parameter.suggested)
        if value is not None and not fits(value, parameter)
    ]
    assert wrong == []


def test_arguments_without_default_value_may_be_null() -> None:
    wrong = [
        (entry.keras, parameter.name)
        for entry in everything()
        for parameter in entry.parameters.values()
        if not parameter.required and parameter.default is None and not parameter.nullable
    ]
    assert wrong == []


def test_every_required_argument_of_what_can_be_built_has_a_first_value_or_a_port() -> None:
    missing = [
        (entry.keras, parameter.name)
        for entry in everything()
        for parameter in entry.parameters.values()
        if parameter.required and parameter.suggested is None and not entry.unbuildable
        if not isinstance(entry, Kind) or parameter.name not in {port.name for port in entry.inputs}
    ]
    assert missing == []


def test_every_kind_says_in_one_sentence_what_it_does() -> None:
    for entry in everything():
        if isinstance(entry, Kind) or not entry.unbuildable:
            assert entry.help.endswith((".", "…")), entry.keras
            assert len(entry.help) <= 160, entry.keras
            assert not set("`*[]\n") & set(entry.help.split("(")[0]), entry.help


def test_arguments_of_layers_are_described() -> None:
    layers = [kind for kind in catalogue().kinds.values() if kind.group == "layer" and not kind.unbuildable]
    silent = [(kind.name, p.name) for kind in layers for p in kind.parameters.values() if not p.help]
    assert silent == []


def test_families_are_those_of_the_palette() -> None:
    kinds = catalogue().kinds.values()
    layers = {kind.family for kind in kinds if kind.group == "layer"}
    assert layers == {
        *("Core", "Convolution", "Pooling", "Recurrent", "Normalization", "Regularization", "Attention"),
        *("Reshaping", "Merging", "Activation", "Preprocessing", "Augmentation", "Wrappers"),
    }
    assert all(kind.family.startswith("Operations: ") for kind in kinds if kind.group == "op")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("conv", "Conv2D"),
        ("fc", "Dense"),
        ("bn", "BatchNormalization"),
        ("avgpool", "AveragePooling2D"),
        ("MaxPool2D", "MaxPooling2D"),
        ("Convolution2D", "Conv2D"),
        ("concat", "Concatenate"),
        ("bilstm", "Bidirectional"),
        ("ops.linalg.qr", "ops.qr"),
        ("ops.numpy.add", "ops.add"),
        ("ops.nn.softmax", "ops.softmax"),
    ],
)
def test_kind_is_known_by_what_people_type(typed: str, kind: str) -> None:
    assert typed in catalogue().kinds[kind].synonyms


def test_widgets_of_a_convolution() -> None:
    parameters = catalogue().kinds["Conv1D"].parameters
    assert parameters["filters"].required
    assert (parameters["filters"].type, parameters["filters"].minimum) == ("int", 1)
    assert parameters["kernel_size"].type == "sizes"
    assert parameters["padding"].choices == ("valid", "same", "causal")
    assert parameters["activation"].type == "activation"
    assert parameters["kernel_initializer"].type == "initializer"
    assert parameters["bias_regularizer"].type == "regularizer"
    assert parameters["kernel_constraint"].type == "constraint"
    assert parameters["data_format"].choices == ("channels_last", "channels_first")
    assert "name" not in parameters


def test_what_is_said_at_the_call_is_told_from_what_is_said_at_the_making() -> None:
    parameters = catalogue().kinds["MultiHeadAttention"].parameters
    assert [name for name, known in parameters.items() if known.at_call] == [
        "return_attention_scores",
        "use_causal_mask",
    ]


@pytest.fixture
def other_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation whose Keras is not the one that the shipped catalogue describes; the cache's folder."""
    cache = tmp_path / "cache"
    monkeypatch.setattr(reading, "installed_keras", lambda: "99.0")
    monkeypatch.setattr(reading.platformdirs, "user_cache_dir", lambda name: str(cache / name))
    reading.keras_catalogue.cache_clear()
    yield cache
    reading.keras_catalogue.cache_clear()


def shipped_as(version: str) -> str:
    path = Path(reading.__file__).parent.parent / "assets" / "catalogue.json"
    return json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"keras_version": version})


def test_other_keras_is_described_once_and_kept(other_keras: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(reading, "_generate", lambda: made.append(1) or shipped_as("99.0"))
    assert reading.keras_catalogue().keras_version == "99.0"
    reading.keras_catalogue.cache_clear()
    assert reading.keras_catalogue().keras_version == "99.0"
    assert made == [1]
    assert len(list(other_keras.rglob("catalogue-*.json"))) == 1


def test_damaged_cache_is_made_again(other_keras: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_generate", lambda: shipped_as("99.0"))
    reading.keras_catalogue()
    (kept,) = other_keras.rglob("catalogue-*.json")
    kept.write_text('{"keras_version": "99.0", "kin')
    reading.keras_catalogue.cache_clear()
    assert reading.keras_catalogue().keras_version == "99.0"
    assert json.loads(kept.read_text())["keras_version"] == "99.0"


def test_cache_that_cannot_be_written_does_no_harm(other_keras: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_keras.write_text("a file where the folder would be")
    monkeypatch.setattr(reading, "_generate", lambda: shipped_as("99.0"))
    assert reading.keras_catalogue().keras_version == "99.0"


def test_description_that_makes_no_sense_leaves_the_shipped_catalogue(
    other_keras: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading, "_generate", lambda: "no JSON")
    with caplog.at_level(logging.WARNING):
        assert reading.keras_catalogue().keras_version != "99.0"
    assert "cannot be described" in caplog.text
    assert not list(other_keras.rglob("*.json"))


def test_keras_that_cannot_be_described_leaves_the_shipped_catalogue(
    other_keras: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading.sys, "executable", "/nowhere/python")
    with caplog.at_level(logging.WARNING):
        assert reading.keras_catalogue().keras_version != "99.0"
    assert "cannot be described" in caplog.text
