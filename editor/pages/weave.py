"""The cloth of the first page: warp and weft that cross as a network's wires do. Drawn, not loaded."""

from __future__ import annotations

from .markup import Html

_STEP = 34
_WARPS = 9
_WEFTS = 7
_OVER = 11  # how far a thread on top reaches beyond the middle of a crossing


def weave() -> Html:
    """An SVG of plain weave in the theme's colours. The style sheet lets it thin out to the left."""
    width, height = _STEP * (_WARPS + 1), _STEP * (_WEFTS + 1)
    wefts = "".join(f"M0 {_at(row)}H{width}" for row in range(_WEFTS))
    warps = "".join(f"M{_at(column)} 0V{height}" for column in range(_WARPS))
    crossings = [(column, row) for row in range(_WEFTS) for column in range(_WARPS)]
    below = "".join(_upright(*crossing) for crossing in crossings if sum(crossing) % 2)
    on_top = [crossing for crossing in crossings if not sum(crossing) % 2]
    rims = "".join(_level(*crossing, _OVER) for crossing in on_top)
    above = "".join(_level(*crossing, _OVER + 1) for crossing in on_top)
    return Html(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" fill="none" aria-hidden="true">'
        + _threads(wefts, "thread", 9)
        # A rim in the colour of the page sets the thread on top apart from the one below it.
        + _threads(below, "bg", 16)
        + _threads(warps, "accent", 9)
        + _threads(rims, "bg", 16)
        + _threads(above, "thread", 9)
        + "</svg>"
    )


def _threads(path: str, colour: str, width: int) -> str:
    return f'<path d="{path}" stroke="var(--wf-{colour})" stroke-width="{width}"/>'


def _at(index: int) -> int:
    return _STEP * (index + 1)


def _level(column: int, row: int, reach: int) -> str:
    return f"M{_at(column) - reach} {_at(row)}h{2 * reach}"


def _upright(column: int, row: int) -> str:
    return f"M{_at(column)} {_at(row) - _OVER}v{2 * _OVER}"
