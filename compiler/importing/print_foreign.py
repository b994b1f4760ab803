"""Layers whose code is not here in an exported script: a function for each, which names its class and its config. Pure.

What the functions say is read by a person before it is run; nothing of it runs here.
"""

from __future__ import annotations

import pprint
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..catalogue_types import Port
from ..code.kinds import CodeKind
from ..labels import snake_case
from ..program import Call, Program
from .foreign_layers import Foreign, printed_kind, statement
from .readable_code import code_in, exact_source

# What the short names in a Lambda mostly stand for.
_SHORT = {
    "tf": "import tensorflow as tf",
    "np": "import numpy as np",
    "K": "from keras import backend as K",
    "ops": "from keras import ops",
    "keras": "import keras",
}


def printable(program: Program, foreign: Mapping[str, Foreign]) -> Program:
    """The program with what is printed in the place of each layer whose code is not here."""
    kinds, made = [], {}
    taken = {"build_model"}
    for own in program.code:
        if own.name not in foreign:
            kinds.append(own)
            continue
        function = _free(f"make_{snake_case(foreign[own.name].node.label or foreign[own.name].class_name)}", taken)
        made[own.name] = foreign[own.name]
        kinds.append(_printed(own, made[own.name], function, len(kinds)))
    calls = tuple(_as_written(call, made[call.kind]) if call.kind in made else call for call in program.calls)
    return replace(program, code=tuple(kinds), calls=calls)


def _free(name: str, taken: set[str]) -> str:
    name = "".join(mark if mark.isalnum() else "_" for mark in name)
    stem, number = name, 1
    while name in taken or not name.isidentifier():
        number += 1
        name = f"{stem}_{number}" if stem.isidentifier() else f"make_layer_{number}"
    taken.add(name)
    return name


def _printed(own: CodeKind, foreign: Foreign, function: str, place: int) -> CodeKind:
    source = exact_source(foreign.node.params) if foreign.class_name == "Lambda" else ""
    # What calls a layer in a way of its own is a function and no layer.
    head = f"def {function}(name: str){' -> keras.Layer' if _is_simple(_call_of(foreign)) else ''}:"
    if source:
        lines = [head, *_made(f"keras.layers.Lambda({source}{_others(foreign)}, name=name)", foreign)]
        words = [short for short in _SHORT if f"{short}." in source]
        imports = [statement(_SHORT[word], 100 * place + n, imports=True) for n, word in enumerate(words)]
    else:
        lines = [*_comment(foreign), head, *_deserialized(foreign)]
        imports = []
    text = "\n".join(lines) + "\n"
    written = (*imports, statement(text, 100 * place + 99))
    return printed_kind(own, written, function, (Port("inputs", many=not _takes_one(_call_of(foreign))),))


def _others(foreign: Foreign) -> str:
    """The arguments of a Lambda besides its function, as far as they are plain."""
    found = {key: foreign.node.params.get(key) for key in ("output_shape", "arguments")}
    found = {key: tuple(value) if isinstance(value, list) else value for key, value in found.items() if value}
    return "".join(f", {key}={value!r}" for key, value in found.items())


def _comment(foreign: Foreign) -> list[str]:
    code = code_in(foreign.node.params)
    if code:
        lines = [
            f"# The code of {' '.join(foreign.class_name.split())} is only in its file. Look at it before you run this:"
        ]
        return lines + [f"# {line.removeprefix('# ')}" for line in code.splitlines()]
    name = " ".join(str(foreign.entry.get("registered_name") or foreign.class_name).split())
    return [f"# {name} is no layer of Keras: import what defines it before build_model() is called."]


def _deserialized(foreign: Foreign) -> list[str]:
    described = {key: foreign.entry[key] for key in ("module", "class_name", "registered_name") if key in foreign.entry}
    described = {"class_name": foreign.class_name, **described, "config": foreign.node.params}
    text = pprint.pformat(described, width=80, sort_dicts=False)
    unsafe = ", safe_mode=False" if code_in(foreign.node.params) else ""
    return [
        f"    described = {text}",
        '    described["config"]["name"] = name',
        *_made(f"keras.saving.deserialize_keras_object(described{unsafe})", foreign),
    ]


def _made(layer: str, foreign: Foreign) -> list[str]:
    """What gives the layer, or a function that calls it as the file does."""
    call = _call_of(foreign)
    if _is_simple(call):
        return [f"    return {layer}"]
    return [f"    layer = {layer}", f"    return lambda tensors: layer({_called(call)})"]


def _call_of(foreign: Foreign) -> Mapping[str, Any]:
    return next(iter(foreign.calls.values()), {})


def _is_simple(call: Mapping[str, Any]) -> bool:
    """Whether a call takes one tensor, or a list of them, and nothing else."""
    args = call.get("args") or [{"tensor": 0}]
    if len(args) > 1 or any(value is not None for value in (call.get("kwargs") or {}).values()):
        return False
    items = args[0] if isinstance(args[0], list) else [args[0]]
    return all(isinstance(item, dict) and "tensor" in item for item in items)


def _takes_one(call: Mapping[str, Any]) -> bool:
    """Whether what is called takes a tensor and no list of some."""
    args = call.get("args") or [{"tensor": 0}]
    return _is_simple(call) and isinstance(args[0], dict)


def _called(call: Mapping[str, Any]) -> str:
    """The arguments of a call as text, each tensor by its place in the list `tensors`."""
    kwargs = {key: value for key, value in (call.get("kwargs") or {}).items() if value is not None}
    texts = [_argument(value) for value in call.get("args") or ()]
    return ", ".join([*texts, *(f"{key}={_argument(value)}" for key, value in kwargs.items() if key.isidentifier())])


def _argument(value: Any) -> str:
    match value:
        case {"tensor": int() as place}:
            return f"tensors[{place}]"
        case {"class_name": "__tensor__", "config": {"value": numbers, "dtype": dtype}}:
            return f"keras.ops.convert_to_tensor({numbers!r}, dtype={str(dtype)!r})"
        case {"slice": [start, stop, step]}:
            return f"slice({start!r}, {stop!r}, {step!r})"
        case {"ellipsis": True}:
            return "..."
        case dict():
            return "{" + ", ".join(f"{key!r}: {_argument(item)}" for key, item in value.items()) + "}"
        case list():
            return f"[{', '.join(map(_argument, value))}]"
    return repr(value)


def _as_written(call: Call, foreign: Foreign) -> Call:
    """A call of one tensor takes it as it is."""
    values = call.arguments.get("inputs")
    if _takes_one(_call_of(foreign)) and isinstance(values, tuple) and len(values) == 1:
        return replace(call, arguments={"inputs": values[0]})
    return call
