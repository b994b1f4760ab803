"""Which layers of a Program need a written name, and which get the same one from Keras. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from .catalogue import catalogue
from .catalogue_types import Entry, Kind
from .labels import snake_case
from .program import Program
from .public_names import entry_of

_RANDOM = (
    *("random_shear", "random_translation", "random_rotation", "random_brightness", "random_color_degeneration"),
    *("random_contrast", "random_sharpness", "random_saturation", "random_hue", "solarization"),
    *("random_posterization", "auto_contrast", "equalization"),
)

# Layers that make others inside themselves, which use up automatic names. How many depends on their arguments.
MAKES_INSIDE = {
    "MultiHeadAttention": ("softmax", "dropout"),
    "GroupQueryAttention": ("softmax", "dropout"),
    "TextVectorization": ("string_lookup",),
    "AugMix": _RANDOM,
    "RandAugment": _RANDOM,
    "RandomColorJitter": _RANDOM,
}

# Classes whose own name is not their public one.
_CLASS_NAMES = {"GroupQueryAttention": "GroupedQueryAttention"}


def layers_to_name(program: Program, also_written: Collection[str] = ()) -> set[str]:
    """The ids of the layers whose name an exported script must write. `also_written` are names that it writes
    elsewhere.

    Keras numbers the layers of a class in the order in which they are made: `dense`, `dense_1`. A class keeps these
    names when all of its layers have them and nothing else in the program is called so, which would
    clash when a model is built for the second time in a process."""
    made, unsettled = _made(program)
    if unsettled is None:
        return set(program.layers)
    written = {given.name for given in program.inputs} | set(also_written)
    to_name: set[str] = set()
    # A layer with a written name may stand in the way of a class; once more until nothing changes.
    while True:
        found = {
            node
            for stem, nodes in made.items()
            if stem in unsettled or not _automatic(stem, nodes, program, written)
            for node in nodes
            if node
        }
        if found == to_name:
            return to_name
        to_name = found
        written |= {program.layers[node].name for node in found}


def _automatic(stem: str, nodes: list[str], program: Program, written: set[str]) -> bool:
    """Whether Keras gives these layers the names that they have, and nobody else has one like them."""
    for number, node in enumerate(nodes):
        if node and program.layers[node].name != (f"{stem}_{number}" if number else stem):
            return False
    own = {program.layers[node].name for node in nodes if node}
    pattern = re.compile(rf"{re.escape(stem)}(_\d+)?")
    return not any(pattern.fullmatch(name) for name in written - own)


def _made(program: Program) -> tuple[dict[str, list[str]], set[str] | None]:
    """The layers made under each automatic name, in order, by id ("" inside another layer); and the names of which
    unknown numbers are used up, None for all: nobody knows what the layer of a plug-in makes."""
    made: dict[str, list[str]] = {}
    unsettled: set[str] = set()
    seen: set[str] = set()
    for call in program.calls:
        if call.use is not None or not call.layer or call.layer in seen:
            continue
        seen.add(call.layer)
        layer = program.layers[call.layer]
        for kind, node in (*_inside(layer.params), (catalogue().kinds[layer.kind], layer.node)):
            if not kind.keras.startswith("keras."):
                return made, None
            unsettled.update(MAKES_INSIDE.get(kind.name, ()))
            made.setdefault(snake_case(_CLASS_NAMES.get(kind.name, kind.name)), []).append(node)
    return made, unsettled


def _inside(value: Any) -> Iterator[tuple[Kind | Entry, str]]:
    """The objects in a parameter, those inside others first; what has a name uses up none."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _inside(item)
        if "kind" in value and "name" not in (value.get("params") or {}):
            yield entry_of(str(value["kind"]), "layer"), ""
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _inside(item)
