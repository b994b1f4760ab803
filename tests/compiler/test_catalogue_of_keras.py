"""The shipped catalogue against the installed Keras, looked at anew and by other means than its maker's."""

from __future__ import annotations

import inspect
import json
from types import ModuleType
from typing import Any

import pytest

from weftwork.compiler.catalogue_json import REGISTRIES
from weftwork.compiler.catalogue_types import Entry, Kind, Parameter
from weftwork.compiler.keras_catalogue import installed_keras, keras_catalogue

pytestmark = pytest.mark.keras

# What stands in Keras' namespaces besides what can be chosen.
HOUSEKEEPING = {"get", "serialize", "deserialize", "InputSpec", "legacy", "schedules"}


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    return keras


def resolve(keras: ModuleType, path: str) -> Any:
    found: Any = keras
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return found


def public_names(module: ModuleType) -> set[str]:
    names = {name for name in dir(module) if not name.startswith("_")} - HOUSEKEEPING
    return {name for name in names if not inspect.ismodule(getattr(module, name))}


def known_names(entries: dict[str, Any]) -> set[str]:
    return {name for entry in entries.values() for name in (entry.name, *entry.synonyms)}


def test_shipped_catalogue_is_what_the_installed_keras_gives() -> None:
    from weftwork.compiler.make_catalogue import SHIPPED, make_catalogue, text_of

    fresh = text_of(make_catalogue())
    assert json.loads(fresh)["keras_version"] == installed_keras()
    assert SHIPPED.read_text(encoding="utf-8") == fresh, "run `python -m weftwork.compiler.make_catalogue`"


def test_every_public_layer_is_a_kind(keras: ModuleType) -> None:
    layers = {name: kind for name, kind in keras_catalogue().kinds.items() if kind.group == "layer"}
    assert public_names(keras.layers) - known_names(layers) == {"Input"}  # A kind of its own group.
    classes = {value for value in vars(keras.layers).values() if inspect.isclass(value)} - {keras.layers.InputSpec}
    assert {resolve(keras, kind.keras) for kind in layers.values()} == classes
    assert len(layers) == len(classes)


def test_every_public_operation_is_a_kind(keras: ModuleType) -> None:
    kinds = {name: kind for name, kind in keras_catalogue().kinds.items() if kind.group == "op"}
    known = known_names(kinds)
    for prefix, module in (
        ("ops.", keras.ops),
        ("ops.image.", keras.ops.image),
        ("ops.linalg.", keras.ops.linalg),
        ("ops.nn.", keras.ops.nn),
        ("ops.numpy.", keras.ops.numpy),
    ):
        assert {prefix + name for name in public_names(module)} <= known
    assert all(callable(resolve(keras, kind.keras)) for kind in kinds.values())


@pytest.mark.parametrize("registry", REGISTRIES)
def test_every_public_name_of_a_registry_is_an_entry(keras: ModuleType, registry: str) -> None:
    module = keras.optimizers.schedules if registry == "schedules" else getattr(keras, registry)
    entries: dict[str, Entry] = getattr(keras_catalogue(), registry)
    assert public_names(module) <= known_names(entries)
    for entry in entries.values():
        assert resolve(keras, entry.keras) is getattr(module, entry.name)


def plain(value: Any) -> Any:
    """A default of Keras as JSON has it; the catalogue's own conversion is not used."""
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def expected_arguments(function: Any, leave_out: set[str]) -> dict[str, tuple[bool, Any]]:
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        name: (
            argument.default is argument.empty,
            None if argument.default is argument.empty else plain(argument.default),
        )
        for name, argument in inspect.signature(function).parameters.items()
        if name not in leave_out and argument.kind not in variable
    }


def told(parameters: dict[str, Parameter]) -> dict[str, tuple[bool, Any]]:
    return {name: (known.required, known.default) for name, known in parameters.items()}


# These take any keyword, and then refuse or drop these; seen by building them.
NOT_TAKEN = {
    "ActivityRegularization": ("activity_regularizer",),
    "HashedCrossing": ("trainable", "autocast", "activity_regularizer"),
    "IntegerLookup": ("trainable", "autocast", "activity_regularizer"),
    "StringLookup": ("trainable", "autocast", "activity_regularizer"),
}


def test_parameters_of_every_layer_are_those_of_its_signature(keras: ModuleType) -> None:
    common = expected_arguments(keras.layers.Layer.__init__, {"self", "name"})
    assert list(common) == ["activity_regularizer", "trainable", "dtype", "autocast"]
    for kind in keras_catalogue().kinds.values():
        if kind.group != "layer":
            continue
        function = resolve(keras, kind.keras).__init__
        expected = expected_arguments(function, {"self", "name"})
        if any(a.kind == a.VAR_KEYWORD for a in inspect.signature(function).parameters.values()):
            expected = {n: a for n, a in (common | expected).items() if n not in NOT_TAKEN.get(kind.name, ())}
        assert told({n: p for n, p in kind.parameters.items() if not p.at_call}) == expected, kind.name


def test_parameters_at_the_call_are_those_of_its_signature(keras: ModuleType) -> None:
    for kind in keras_catalogue().kinds.values():
        at_call = {name: known for name, known in kind.parameters.items() if known.at_call}
        if at_call:
            arguments = expected_arguments(resolve(keras, kind.keras).call, {"self"})
            assert told(at_call) == {name: arguments[name] for name in at_call}, kind.name


def test_parameters_and_ports_of_every_operation_make_up_its_signature(keras: ModuleType) -> None:
    for kind in keras_catalogue().kinds.values():
        if kind.group != "op":
            continue
        ports = {(port.argument or port.name).lstrip("*") for port in kind.inputs}
        expected = expected_arguments(resolve(keras, kind.keras), set())
        if kind.name == "ops.unstack":
            expected["num"] = (True, None)  # Without it the number of results depends on the tensor.
        if kind.name == "ops.rearrange":
            expected["axes_lengths"] = (False, {})  # Its keywords have no names of their own.
        parameters = told(kind.parameters)
        assert parameters == {name: expected[name] for name in expected if name in parameters}, kind.name
        assert expected.keys() - parameters.keys() <= ports, kind.name
        signature = inspect.signature(resolve(keras, kind.keras)).parameters
        assert ports <= signature.keys(), kind.name


@pytest.mark.parametrize("registry", REGISTRIES)
def test_parameters_of_every_entry_are_those_of_its_signature(keras: ModuleType, registry: str) -> None:
    for entry in getattr(keras_catalogue(), registry).values():
        value = resolve(keras, entry.keras)
        if not inspect.isclass(value) and registry not in ("activations", "applications"):
            assert (entry.parameters, bool(entry.unbuildable)) == ({}, True)
            continue
        function = value.__init__ if inspect.isclass(value) else value
        leave_out = {"self"} if inspect.isclass(value) else {"x"} if registry == "activations" else set()
        assert told(entry.parameters) == expected_arguments(function, leave_out), entry.keras


def as_python(keras: ModuleType, value: Any) -> Any:
    """First values as Keras takes them: lists as tuples, `{"kind", "params"}` as objects."""
    if isinstance(value, dict):
        namespaces = (keras.layers, keras.optimizers)
        cls = next(getattr(space, value["kind"]) for space in namespaces if hasattr(space, value["kind"]))
        return cls(**{name: as_python(keras, item) for name, item in value["params"].items()})
    if isinstance(value, list):
        items = [as_python(keras, item) for item in value]
        return items if any(isinstance(item, keras.layers.Layer) for item in items) else tuple(items)
    return value


# Keras asks for one of several arguments, none of which it calls required.
ALSO_NEEDED: dict[str, dict[str, Any]] = {"CategoryEncoding": {"num_tokens": 4}, "Discretization": {"num_bins": 4}}


def layer_kinds() -> list[str]:
    return [name for name, kind in keras_catalogue().kinds.items() if kind.group == "layer" and not kind.unbuildable]


def test_every_layer_that_is_not_called_unbuildable_is_built_from_its_first_values(keras: ModuleType) -> None:
    for name in layer_kinds():
        kind: Kind = keras_catalogue().kinds[name]
        first = {key: known.suggested for key, known in kind.parameters.items() if known.required}
        common = {"trainable": False, "autocast": False, "activity_regularizer": "l2"}
        common = {key: value for key, value in common.items() if key in kind.parameters}
        given = first | ALSO_NEEDED.get(name, {}) | common
        layer = resolve(keras, kind.keras)(**{key: as_python(keras, value) for key, value in given.items()})
        assert all(getattr(layer, key) == common[key] for key in ("trainable", "autocast") if key in common), name


def test_every_entry_that_is_not_called_unbuildable_is_built_from_its_first_values(keras: ModuleType) -> None:
    for registry in set(REGISTRIES) - {"activations", "applications"}:
        for entry in getattr(keras_catalogue(), registry).values():
            if entry.unbuildable:
                continue
            first = {name: known.suggested for name, known in entry.parameters.items() if known.required}
            given = {name: as_python(keras, value) for name, value in first.items()}
            assert isinstance(resolve(keras, entry.keras)(**given), resolve(keras, entry.keras)), entry.keras


def test_choices_are_those_that_keras_accepts(keras: ModuleType) -> None:
    known = keras_catalogue()
    entries = [entry for name in set(REGISTRIES) - {"applications"} for entry in getattr(known, name).values()]
    for entry in [*(known.kinds[name] for name in layer_kinds()), *entries]:
        if entry.unbuildable:
            continue
        first = {key: known.suggested for key, known in entry.parameters.items() if known.required}
        first = {key: as_python(keras, value) for key, value in (first | ALSO_NEEDED.get(entry.name, {})).items()}
        for key, parameter in entry.parameters.items():
            for choice in parameter.choices:
                resolve(keras, entry.keras)(**first | {key: choice})
