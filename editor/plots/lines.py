"""Small line charts as SVG in the theme's colours: for what is looked at once and does not change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..pages.markup import Html, h

Values = Sequence[float | None]


def line_chart(
    lines: Mapping[str, Values],
    *,
    height: int = 120,
    first: str = "",
    last: str = "",
    start: Mapping[str, int] | None = None,
) -> Html:
    """Lines by name over their index, one colour each, on one scale. `first` and `last` label the ends of the axis;
    `start` lets a line begin further to the right."""
    begins = start or {}
    length = max((begins.get(name, 0) + len(values) for name, values in lines.items()), default=1)
    known = [value for values in lines.values() for value in values if value is not None]
    if not known:
        return Html("")
    low, high = min(known), max(known)
    room = (high - low) or 1.0

    def path(values: Values, begin: int) -> str:
        pen, steps = "M", []
        for place, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            x = 1000 * (place + begin) / max(length - 1, 1)
            steps.append(f"{pen}{x:.1f} {(high - value) / room * 92 + 4:.2f}")
            pen = "L"
        return "".join(steps)

    drawn = "".join(
        f'<path d="{path(values, begins.get(name, 0))}" stroke="var(--wf-plot-{number % 4 + 1})"/>'
        for number, (name, values) in enumerate(lines.items())
    )
    picture = Html(
        '<svg viewBox="0 0 1000 100" preserveAspectRatio="none" fill="none" aria-hidden="true">'
        f'<g stroke-width="1.6" stroke-linejoin="round" vector-effect="non-scaling-stroke">{drawn}</g></svg>'
    )
    ends = h("figcaption", h("span", first), h("span", last)) if first or last else None
    label = ", ".join(f"{name} from {low:.4g} to {high:.4g}" for name in lines)
    return h("figure", picture, ends, class_="lines", role="img", aria_label=label, style=f"--height: {height}px")


def key(names: Sequence[str]) -> Html:
    """Which colour is which."""
    return h(
        "div",
        [h("span", h("i", style=f"--key: var(--wf-plot-{number % 4 + 1})"), name) for number, name in enumerate(names)],
        class_="legend",
    )
