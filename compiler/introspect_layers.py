"""Every public class of `keras.layers` as a Kind: ports from `call`, parameters from `__init__`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras

from .catalogue_types import Kind, Parameter, Port
from .introspect_docstring import argument_texts, first_sentence
from .introspect_parameters import describe, json_value, signature_parameters
from .overlay import addresses, families, layer_help, layer_ports, synonyms, unbuildable


def public_classes(module: Any) -> Iterator[tuple[type, list[str]]]:
    """Each class of a namespace with all the names that it has there, its own name first."""
    names: dict[type, list[str]] = {}
    for name in sorted(vars(module)):
        value = getattr(module, name)
        if inspect.isclass(value) and not name.startswith("_"):
            names.setdefault(value, []).append(name)
    for cls, found in names.items():
        # The class's own name is the one that saved models carry; some namespaces offer only another one.
        yield cls, sorted(found, key=lambda name: (name != cls.__name__, name))


def layer_kinds() -> dict[str, Kind]:
    """All layers by name. `InputSpec`, which stands in the same namespace, is none."""
    functions = {name for name, value in vars(keras.layers).items() if inspect.isfunction(value)}
    found = {}
    for cls, names in public_classes(keras.layers):
        if issubclass(cls, keras.layers.Layer):
            # `keras.layers.add` makes and calls an `Add`.
            found[names[0]] = _kind(cls, [*names, *functions & {names[0].lower()}])
    return found


def _kind(cls: type, names: list[str]) -> Kind:
    name = names[0]
    return Kind(
        name=name,
        group="layer",
        family=families.of_layer(name, cls.__module__),
        keras=f"keras.layers.{name}",
        help=layer_help.SENTENCES.get(name) or first_sentence(cls.__doc__),
        url=addresses.of_layer(name, cls.__module__),
        inputs=_inputs(name, cls),
        outputs=(Port("output"),),
        parameters=_constructor_parameters(name, cls) | _call_parameters(name, cls),
        synonyms=(*names[1:], *synonyms.OF_LAYERS.get(name, ())),
        unbuildable=unbuildable.LAYERS.get(name, ""),
    )


def _constructor_parameters(name: str, cls: type) -> dict[str, Parameter]:
    # The node's label is the layer's name.
    found = signature_parameters(cls.__init__, cls.__doc__, name, leave_out=("name",))
    takes_more = any(a.kind == a.VAR_KEYWORD for a in inspect.signature(cls.__init__).parameters.values())
    if takes_more:
        of_every_layer = signature_parameters(keras.layers.Layer.__init__, None, name, leave_out=("name",))
        found |= {key: parameter for key, parameter in of_every_layer.items() if key not in found}
    return {key: known for key, known in found.items() if key not in layer_ports.NOT_TAKEN.get(name, ())}


def _call_parameters(name: str, cls: type) -> dict[str, Parameter]:
    texts = argument_texts(cls.__doc__) | argument_texts(cls.call.__doc__)
    found = {}
    for key, argument in inspect.signature(cls.call).parameters.items():
        if key in layer_ports.CALL_PARAMETERS:
            parameter = describe(name, key, json_value(argument.default), False, texts)
            found[key] = replace(parameter, at_call=True)
    return found


def _inputs(name: str, cls: type) -> tuple[Port, ...]:
    if name in layer_ports.INPUTS:
        return layer_ports.INPUTS[name]
    ports = []
    for key, argument in inspect.signature(cls.call).parameters.items():
        if argument.kind in (argument.VAR_KEYWORD, argument.VAR_POSITIONAL) or not layer_ports.is_tensor(name, key):
            continue
        ports.append(
            Port(
                key,
                many=key in layer_ports.LISTS,
                required=argument.default is inspect.Parameter.empty,
                help=layer_ports.HELP.get(key, ""),
            )
        )
    return tuple(ports)
