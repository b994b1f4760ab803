"""Which layers of a Program need a written name, and which get the same one from Keras. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .catalogue import catalogue
from .labels import snake_case
from .program import Program
from .public_names import entry_of

# Layers that make others inside themselves, which use up automatic names of these classes.
MAKES_INSIDE = {
    "AugMix": ("random",),
    "RandAugment": ("random",),
}


def layers_to_name(program: Program) -> set[str]:
    """The ids of the layers whose name an exported script must write.

    Keras numbers the layers of a class in the order in which they are made: `dense`, `dense_1`. A class keeps these
    names when all of its layers have them and nothing else in the program is called so, which would
    clash when a model is built for the second time in a process."""
    made = list(_made(program))
    written = {given.name for given in program.inputs}
    to_name: set[str] = set()
    by_stem: dict[str, list[str]] = {}
    for stem, node in made:
        by_stem.setdefault(stem, []).append(node)
    # A class that must write its names may take those of another; once more until nothing changes.
    while True:
        before = len(to_name)
        for stem, nodes in by_stem.items():
            if not _automatic(stem, nodes, program, written):
                to_name |= {node for node in nodes if node}
        written |= {program.layers[node].name for node in to_name}
        if len(to_name) == before:
            return to_name


def _automatic(stem: str, nodes: list[str], program: Program, written: set[str]) -> bool:
    counted = Counter[str]()
    for node in nodes:
        expected = f"{stem}_{counted[stem]}" if counted[stem] else stem
        counted[stem] += 1
        if node and program.layers[node].name != expected:
            return False
    pattern = re.compile(rf"{re.escape(stem)}(_\d+)?")
    own = {program.layers[node].name for node in nodes if node}
    return not any(pattern.fullmatch(name) for name in written - own)


def _made(program: Program) -> Iterator[tuple[str, str]]:
    """The stem of the automatic name and the id ("" inside another) of every layer, in the order of making."""
    seen = set()
    for call in program.calls:
        if call.layer and call.layer not in seen:
            seen.add(call.layer)
            layer = program.layers[call.layer]
            yield from _inside(layer.params)
            for stem in MAKES_INSIDE.get(layer.kind, ()):
                yield stem, ""
            yield _stem(catalogue().kinds[layer.kind].keras), call.layer


def _inside(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _inside(item)
        if "kind" in value and "name" not in (value.get("params") or {}):
            yield _stem(entry_of(str(value["kind"]), "layer").keras), ""
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _inside(item)


def _stem(path: str) -> str:
    return snake_case(path)
