"""The small line on each node: one quantity of its layers, look by look, on a scale that all nodes share. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ...compiler.nesting.paths import join, read_step, split
from ...runtime.health.diagnose import Trouble
from ...runtime.health.health_file import Health, LayerSeries

# Quantity → its name in the panel, and in the hover.
QUANTITIES = {
    "gradient": "gradient norm",
    "weight": "weight norm",
    "ratio": "update ratio",
    "dead": "dead units",
}
POINTS = 40
# Layer → the nodes that use its weights, by path.
Nodes = Mapping[str, tuple[str, ...]]
# A scale of at least so many decades: small changes should look small.
_DECADES = 2


def joined(health: Health, nodes: Nodes) -> list[LayerSeries]:
    """One series a node, named by its path: norms of several layers of a node (one that stands for a network, with all
    its repetitions) taken together."""
    groups: dict[str, list[LayerSeries]] = {}
    for layer in health.layers:
        for place in places(nodes.get(layer.name, ())):
            groups.setdefault(place, []).append(layer)
    return [_join(place, layers) for place, layers in groups.items()]


def places(nodes: Iterable[str]) -> list[str]:
    """Where the layer of these nodes is seen, by path: on themselves, and on each network that they are inside of.
    `a:2/b`, of the second repetition, is seen on `a` and, where that repetition is entered, on `a:2/b`."""
    found: dict[str, None] = {}
    for path in nodes:
        steps, node = split(path)
        for depth, step in enumerate(steps):
            found[join(*steps[:depth], read_step(step)[0])] = None
        found[join(*steps, node)] = None
    return list(found)


def _join(node: str, layers: list[LayerSeries]) -> LayerSeries:
    if len(layers) == 1:
        one = layers[0]
        return LayerSeries(one.name, node, one.gradient, one.weight, one.update, one.dead)

    def norm(quantity: str) -> np.ndarray:
        squares = np.square(np.array([getattr(layer, quantity) for layer in layers]))
        return np.where(np.isnan(squares).all(axis=0), np.nan, np.sqrt(np.nansum(squares, axis=0)))

    dead = np.array([layer.dead for layer in layers])
    known = np.isfinite(dead)
    share = np.where(known, dead, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    dead = np.where(known.any(axis=0), share, np.nan)
    return LayerSeries(f"{len(layers)} layers together", node, norm("gradient"), norm("weight"), norm("update"), dead)


def node_lines(
    health: Health, nodes: Nodes, quantity: str, troubles: Iterable[Trouble] = ()
) -> dict[str, dict[str, Any]]:
    """By path of the node: `points` (0 at the bottom to 1, None for a gap), `number`, `title` for the hover, `trouble`
    in words or "". Nodes of which nothing was seen are left out."""
    if not len(health):
        return {}
    series = joined(health, nodes)
    height = scale([getattr(one, quantity)[-POINTS:] for one in series], linear=quantity == "dead")
    said = {at: one.words for one in troubles for layer in one.layers[:1] for at in places(nodes.get(layer, ()))}
    lines = {}
    for one in series:
        values = getattr(one, quantity)[-POINTS:]
        seen = np.isfinite(values).any()
        lines[one.node] = {
            "points": [height(value) for value in values] if seen else [],
            "number": value_text(quantity, _last(values)) if seen else "",
            "title": summary(one),
            "trouble": said.get(one.node, ""),
        }
    return {node: line for node, line in lines.items() if line["points"] or line["trouble"]}


def scale(values: list[np.ndarray], *, linear: bool = False) -> Any:
    """A function from a value to its height, 0 to 1 (None for no number): logarithmic, in whole decades, so that the
    scale does not tremble."""
    if linear:
        return lambda value: round(float(min(max(value, 0), 1)), 3) if math.isfinite(value) else None
    known = np.concatenate([np.asarray(one, float) for one in values]) if values else np.empty(0)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (float(np.log10(known.min())), float(np.log10(known.max()))) if len(known) else (0.0, 0.0)
    low, high = math.floor(low), math.ceil(high)
    high = max(high, low + _DECADES)

    def place(value: float) -> float | None:
        if not math.isfinite(value):
            return None
        if value <= 0:
            return 0.0
        return round(min(max((math.log10(value) - low) / (high - low), 0.0), 1.0), 3)

    return place


def value_text(quantity: str, value: float) -> str:
    """0.031, 2.4e-5, 1.2e4; of dead units 12 %; – for no number."""
    if not math.isfinite(value):
        return "–"
    if quantity == "dead":
        return f"{value:.0%}".replace("%", " %")
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def summary(layer: LayerSeries) -> str:
    """All that was seen of a layer at the last look, a line each."""
    lines = [f"{layer.name} at the last look"]
    for quantity, name in QUANTITIES.items():
        value = _last(getattr(layer, quantity))
        if math.isfinite(value):
            lines.append(f"{name}: {value_text(quantity, value)}")
    return "\n".join(lines)


def _last(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else math.nan
