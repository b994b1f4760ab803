"""Learning-rate factors of nodes that stand for networks: they hold for every layer inside. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .paths import read_step


def factors_of_layers(factors: Mapping[str, float], layers: Iterable[str]) -> dict[str, float]:
    """The factor of each layer by its path: its own, else that of the innermost network around it that has one. A
    factor of a repeated node holds for all repetitions; one may have its own (`block:2`)."""
    if not factors:
        return {}
    found = {layer: _factor(factors, layer) for layer in layers}
    return {layer: factor for layer, factor in found.items() if factor is not None}


def _factor(factors: Mapping[str, float], layer: str) -> float | None:
    path = layer
    while path:
        around, _, step = path.rpartition("/")
        plain = "/".join(part for part in (around, read_step(step)[0]) if part)
        for place in (path, plain):
            if place in factors:
                return factors[place]
        path = around
    return None


def has_layers(node: str, layers: Iterable[str]) -> bool:
    """Whether a node is one of the layers, or a network with layers inside."""
    return any(layer == node or layer.startswith((f"{node}/", f"{node}:")) for layer in layers)
