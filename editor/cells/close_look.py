"""A layer from close by, drawn: histograms, filters, attention. Pure HTML."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
from PIL import Image

from ..pages.markup import Html, h
from .health_lines import value_text

_TITLES = {"weights": "Weights", "gradients": "Gradients", "activations": "Activations"}
_HUES = {"weights": "plot-1", "gradients": "plot-2", "activations": "plot-3"}


def close_look_html(seen: Mapping[str, Any] | None, layer: str, *, waiting: bool) -> Html:
    """What `health/<layer>.json` holds; while there is none yet, that it is on its way."""
    if seen is None:
        words = "Looking at it" if waiting else "This run has left no close look at this layer."
        return h("div", words, class_="close-look empty-look", data_testid="close-look", data_layer=layer)
    parts: list[Any] = []
    for group in ("weights", "gradients"):
        parts += [_spread(group, name, one) for name, one in (seen.get(group) or {}).items()]
    if seen.get("activations"):
        parts.append(_spread("activations", "", seen["activations"]))
    pictures = [
        _pictures("filters", "Filters", "dark is low, light is high", seen.get("filters")),
        _pictures("heads", "Attention", "a picture a head; each line looks at columns", seen.get("attention")),
    ]
    return h(
        "div",
        h("div", h("strong", layer), h("span", f"after step {int(seen.get('step') or 0):,}"), class_="look-head"),
        h("div", parts, class_="spreads"),
        pictures,
        class_="close-look",
        data_testid="close-look",
        data_layer=layer,
        data_step=seen.get("step"),
    )


def _spread(group: str, name: str, one: Mapping[str, Any]) -> Html:
    counts = one.get("counts") or []
    top = max(counts, default=0) or 1
    width = 100 / max(len(counts), 1)
    bars = "".join(
        f'<rect x="{place * width:.2f}" y="{40 - 40 * count / top:.2f}" width="{width * 0.9:.2f}" '
        f'height="{40 * count / top:.2f}"/>'
        for place, count in enumerate(counts)
    )
    title = ": ".join(part for part in (_TITLES[group], name) if part)
    facts = f"mean {_signed(one.get('mean'))}, deviation {value_text('', float(one.get('deviation') or 0.0))}"
    if (one.get("zeros") or 0) >= 0.005:
        facts += f", {one['zeros']:.0%} zero"
    return h(
        "figure",
        h("figcaption", title, class_="spread-title"),
        Html(
            f'<svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="{escape(title)}: {facts}" '
            f'fill="var(--wf-{_HUES[group]})">{bars}</svg>'
        ),
        h("div", h("span", _signed(one.get("low"))), h("span", _signed(one.get("high"))), class_="ends"),
        h("figcaption", facts),
        class_="spread",
    )


def _signed(value: Any) -> str:
    number = float(value or 0.0)
    return ("−" if number < 0 else "") + value_text("", abs(number))


def _pictures(look: str, title: str, words: str, found: Mapping[str, Any] | None) -> Html | None:
    if not found:
        return None
    height, width, channels = found["height"], found["width"], found["channels"]
    images = [
        h("img", src=picture_address(data, height, width, channels), alt=f"{title} {number + 1}")
        for number, data in enumerate(found["pictures"])
    ]
    shown, count = len(images), int(found.get("count") or len(images))
    more = f"the first {shown} of {count}, " if count > shown else ""
    return h(
        "div",
        h("div", title, " ", h("span", f"({more}{words})"), class_="spread-title"),
        h("div", images, class_=look),
    )


def picture_address(data: str, height: int, width: int, channels: int) -> str:
    """A picture from base64 bytes of shape (height, width[, 3]) as an address that holds a PNG."""
    values = np.frombuffer(base64.b64decode(data), np.uint8)
    values = values.reshape((height, width, 3) if channels == 3 else (height, width))
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
