"""What is wrong with a layer, in words. Pure; every threshold stands here and in the folder's decisions/0002.

Something is said only if it held in each of the last looks, so that one odd batch raises no alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .health_file import Health, LayerSeries

# Looks that must agree.
LOOKS = 4
# A layer's gradient against the largest one between it and the loss.
VANISHED = 1e-3
# What still counts as a sound gradient by the same measure.
SOUND = 0.1
# A layer's gradient against the smallest one between it and the loss; and against its own usual one.
EXPLODED = 1e3
# |Δw| / |w| of a step: more than this, and a few steps replace the weights; less, and thousands change nothing.
JUMPS = 0.3
STILL = 1e-5
# Share of units that say nothing to any row.
DEAD = 0.6
# Below this a gradient is rounding.
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Trouble:
    """`code` is vanish, explode, jump, still or dead; `layers` are the names it concerns, the first one the worst."""

    code: str
    layers: tuple[str, ...]
    words: str
    help: str


def diagnose(health: Health, *, rate_falls: bool = False) -> list[Trouble]:
    """What is wrong by the last looks. `rate_falls`: the learning rate is near its end, so that still weights are
    meant."""
    if len(health) < LOOKS:
        return []
    found = [*_vanishing(health), *_exploding(health), *_jumping(health), *_dead(health)]
    if not rate_falls and not any(one.code == "vanish" for one in found):
        found += _still(health)
    return found


def _trained(health: Health) -> list[LayerSeries]:
    """The layers that have a gradient, in the order of the network."""
    return [layer for layer in health.layers if np.isfinite(layer.gradient[-LOOKS:]).all()]


def _vanishing(health: Health) -> list[Trouble]:
    layers = _trained(health)
    if len(layers) < 2:
        return []
    gradients = np.array([layer.gradient[-LOOKS:] for layer in layers])
    behind = np.maximum.accumulate(gradients[::-1], axis=0)[::-1]
    share = gradients / np.maximum(behind, _NOTHING)
    gone = np.asarray(((share < VANISHED) & (behind > _NOTHING)).all(axis=1))
    if not gone.any():
        return []
    first = int(np.argmax(gone))
    last = first
    while last + 1 < len(layers) and gone[last + 1]:
        last += 1
    sound = next((i for i in range(last + 1, len(layers)) if (share[i] >= SOUND).all()), len(layers) - 1)
    factor = 1 / max(float(np.median(share[first])), 1e-30)
    names = tuple(layer.name for layer, is_gone in zip(layers, gone, strict=True) if is_gone)
    return [
        Trouble(
            "vanish",
            names,
            f"Gradients vanish between {layers[sound].name} and {layers[first].name}: "
            f"{_times(factor)} smaller there, so {layers[first].name} hardly learns.",
            "ReLU or GELU instead of sigmoid or tanh, normalization layers, or a connection past the layers help.",
        )
    ]


def _exploding(health: Health) -> list[Trouble]:
    layers = _trained(health)
    found = []
    for place, layer in enumerate(layers):
        now = layer.gradient[-LOOKS:]
        usual = float(np.median(layer.gradient[:-LOOKS])) if len(layer.gradient) >= 3 * LOOKS else 0.0
        if usual > _NOTHING and (now > EXPLODED * usual).all():
            grown = _times(float(np.median(now)) / usual)
            found.append(
                _explosion((layer.name,), f"The gradients of {layer.name} explode: {grown} larger than before.")
            )
            break
        behind = np.array([other.gradient[-LOOKS:] for other in layers[place + 1 :]])
        if len(behind) and (now > EXPLODED * np.maximum(behind.max(axis=0), _NOTHING)).all():
            last = layers[-1].name
            factor = _times(float(np.median(now / np.maximum(behind.max(axis=0), _NOTHING))))
            words = f"Gradients explode between {last} and {layer.name}: {factor} larger there."
            found.append(_explosion((layer.name,), words))
            break
    return found


def _explosion(layers: tuple[str, ...], words: str) -> Trouble:
    return Trouble("explode", layers, words, "A lower learning rate, clipped gradients or smaller first weights help.")


def _jumping(health: Health) -> list[Trouble]:
    jumping = [layer for layer in health.layers if (layer.ratio[-LOOKS:] > JUMPS).all()]
    if not jumping:
        return []
    worst = max(jumping, key=lambda layer: float(np.median(layer.ratio[-LOOKS:])))
    share = float(np.median(worst.ratio[-LOOKS:]))
    return [
        Trouble(
            "jump",
            _names(worst, jumping),
            f"Each step changes the weights of {_list(jumping)} by {share:.0%}: the learning rate is too high.",
            "A lower learning rate helps.",
        )
    ]


def _still(health: Health) -> list[Trouble]:
    still = [layer for layer in health.layers if (layer.ratio[-LOOKS:] < STILL).all()]
    if not still:
        return []
    worst = min(still, key=lambda layer: float(np.median(layer.ratio[-LOOKS:])))
    share = float(np.median(worst.ratio[-LOOKS:]))
    return [
        Trouble(
            "still",
            _names(worst, still),
            f"The weights of {_list(still)} hardly move: {share:.0e} of their size in a step.",
            "A higher learning rate, or scaled inputs, help; or this layer has learnt what it can.",
        )
    ]


def _dead(health: Health) -> list[Trouble]:
    dead = [layer for layer in health.layers if (layer.dead[-LOOKS:] >= DEAD).all()]
    if not dead:
        return []
    worst = max(dead, key=lambda layer: float(np.median(layer.dead[-LOOKS:])))
    share = float(np.median(worst.dead[-LOOKS:]))
    return [
        Trouble(
            "dead",
            _names(worst, dead),
            f"{share:.0%} of the units of {worst.name} are dead: they are zero for every row"
            + (f"; so are many of {_list([d for d in dead if d is not worst])}." if len(dead) > 1 else "."),
            "A lower learning rate, He initialization or a leaky ReLU help.",
        )
    ]


def _names(worst: LayerSeries, layers: list[LayerSeries]) -> tuple[str, ...]:
    return (worst.name, *(layer.name for layer in layers if layer is not worst))


def _list(layers: list[LayerSeries]) -> str:
    """a; a and b; a, b and 3 more."""
    names = [layer.name for layer in layers]
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} more layers"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _times(factor: float) -> str:
    if factor < 1e4:
        return f"{factor:,.0f} times"
    return f"10^{round(np.log10(factor))} times"
