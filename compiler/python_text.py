"""Values, objects and public names as Python text. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .catalogue_types import Entry, Kind
from .code.kinds import PACKAGE
from .nesting.expressions import expression_text
from .plain_values import index_part, is_index, is_numeric, same
from .public_names import entry_of

# Arguments that every Keras user writes without their names although they have defaults; required ones go without
# saying.
_MAIN = {
    **dict.fromkeys((f"MaxPooling{n}D" for n in (1, 2, 3)), 1),
    **dict.fromkeys((f"ZeroPadding{n}D" for n in (1, 2, 3)), 1),
    **dict.fromkeys((f"Cropping{n}D" for n in (1, 2, 3)), 1),
    **dict.fromkeys((f"UpSampling{n}D" for n in (1, 2, 3)), 1),
    "RandomFlip": 1,
}

# Beyond that a reader has to count: Conv2D(32, 3), Embedding(1000, 64), not MelSpectrogram(256, 128, 512, 80).
_MOST_WITHOUT_NAME = 2


class Imports:
    """The import lines that a text needs, gathered while it is written."""

    def __init__(self) -> None:
        self._keras: set[str] = set()
        self._other: dict[str, str] = {}
        self._own: set[str] = set()
        self._written: set[str] = set()

    def name(self, path: str) -> str:
        """The text that stands for a public path: `layers.Dense`, `ops.add`, `keras.optimizers.Adam`, `Gate`."""
        package, _, rest = path.partition(".")
        if package == PACKAGE:
            name = path.rpartition(".")[2]
            self._own.add(name)
            return name
        if package == "keras":
            module, _, inner = rest.partition(".")
            if module in ("layers", "ops") and inner:
                self._keras.add(module)
                return rest
            return path
        module, _, name = path.rpartition(".")
        self._other[path] = f"from {module} import {name}"
        return name

    def add_lines(self, lines: Iterable[str]) -> None:
        """Import lines as somebody wrote them."""
        self._written.update(lines)

    def lines(self) -> list[str]:
        """Sorted, third-party packages as one block."""
        lines = ["import keras"]
        lines += [f"from keras import {', '.join(sorted(self._keras))}"] if self._keras else []
        others = {*self._other.values(), *self._written} - set(lines)
        return lines + sorted(others, key=lambda line: (line.startswith("from"), line))

    def names(self) -> set[str]:
        return {"keras", "layers", "ops"} | self._own | {path.rpartition(".")[2] for path in self._other}


def value_text(value: Any, type: str, imports: Imports) -> str:
    """One argument as `build_object` makes it; `type` is its parameter's type."""
    calculated = expression_text(value)
    if calculated is not None:
        return calculated.strip()
    if isinstance(value, Mapping):
        if "kind" in value:
            entry = entry_of(str(value["kind"]), type)
            return object_text(entry, value.get("params") or {}, imports)
        part = index_part(value)
        if part is not None:
            return "..." if part is ... else _slice_text(part)
        items = [f"{key!r}: {value_text(item, '', imports)}" for key, item in value.items()]
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        texts = [value_text(item, type, imports) for item in value]
        # What is calculated among sizes is a number too.
        if not is_index(value) and not is_numeric([0 if expression_text(item) is not None else item for item in value]):
            return f"[{', '.join(texts)}]"
        return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"
    return _number_text(value) if isinstance(value, float) else repr(value)


def _slice_text(part: slice) -> str:
    """`slice(3)`, `slice(1, 3)`, `slice(None, None, 2)`."""
    limits = [part.start, part.stop] if part.step is None else [part.start, part.stop, part.step]
    return f"slice({', '.join(map(repr, limits[1:] if limits[0] is None and part.step is None else limits))})"


def object_text(
    entry: Kind | Entry, params: Mapping[str, Any], imports: Imports, name: str = "", *, one_a_line: bool = False
) -> str:
    """The text that makes a layer, optimizer, initializer, …: only arguments that differ from their defaults. `name`
    is the text of its name's argument.

    With `one_a_line` all of them have their names, and a formatter keeps each on a line of its own."""
    arguments = argument_texts(entry, params, imports, all_named=one_a_line)
    arguments += [f"name={name}"] if name else []
    return f"{imports.name(entry.keras)}({', '.join(arguments)}{',' if one_a_line and arguments else ''})"


def argument_texts(
    entry: Kind | Entry, params: Mapping[str, Any], imports: Imports, *, all_named: bool = False
) -> list[str]:
    """The arguments in the order of the signature, the main ones without their names unless `all_named`."""
    order = [*(name for name in entry.parameters if name in params), *(n for n in params if n not in entry.parameters)]
    named = {name: params[name] for name in order if not _is_default(entry, name, params[name])}
    texts = []
    for name in () if all_named else _places(entry):
        if name not in named:
            break
        texts.append(value_text(named.pop(name), entry.parameters[name].type, imports))
    for name, value in named.items():
        known = entry.parameters.get(name)
        texts.append(named_text(name, value_text(value, known.type if known else "", imports)))
    return texts


def named_text(name: str, text: str) -> str:
    """A named argument. Raises ValueError for a name that Python would read as something else."""
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no name of an argument")
    return f"{name}={text}"


def _is_default(entry: Kind | Entry, name: str, value: Any) -> bool:
    known = entry.parameters.get(name)
    return known is not None and not known.required and same(value, known.default)


def _places(entry: Kind | Entry) -> list[str]:
    """The leading arguments that stand without their names."""
    places = []
    for index, (name, known) in enumerate(entry.parameters.items()):
        if index >= _MOST_WITHOUT_NAME or not (known.required or index < _MAIN.get(entry.name, 0)):
            break
        places.append(name)
    return places


def _number_text(value: float) -> str:
    if math.isinf(value) or math.isnan(value):
        return f'float("{value}")'
    text = repr(value)
    # 0.00392156862745098 was 1 / 255 before somebody had to type it.
    if len(text) > 10 and 1e-6 < abs(value) < 0.5 and 1 / round(1 / value) == value:
        return f"1 / {round(1 / value)}"
    return text
