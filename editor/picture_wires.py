"""The lines of wires in a picture of a network, as the canvas draws them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import copysign, hypot

Point = tuple[float, float]

# The height of a node's head; ports stand in its middle.
HEAD = 48
_STEPS = 24
# How much of the way between two points the curve keeps to the direction in which it passes them.
_TENSION = 0.28


def way(start: Point, end: Point) -> list[Point]:
    """A curve to the right; where the way leads back, a line between the rows."""
    if end[0] > start[0]:
        reach = max(40.0, abs(end[0] - start[0]) / 2)
        return _bezier(start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end)
    run = (start[1] + end[1]) / 2 if abs(end[1] - start[1]) > HEAD else max(start[1], end[1]) + 2 * HEAD
    out, back = start[0] + 24, end[0] - 24
    return [start, (out, start[1]), (out, run), (back, run), (back, end[1]), end]


def through(start: Point, points: Sequence[Point], end: Point) -> list[Point]:
    """A curve through the points, which leaves to the right and arrives from the left."""
    stops = [start, *points, end]
    passing = [(1.0, 0.0)]
    for before, after in zip(stops, stops[2:], strict=False):
        across, down = after[0] - before[0], after[1] - before[1]
        length = hypot(across, down) or copysign(1.0, across)
        passing.append((across / length, down / length))
    passing.append((1.0, 0.0))
    line: list[Point] = [start]
    for (one, other), (leaving, arriving) in zip(pairwise(stops), pairwise(passing), strict=True):
        reach = _TENSION * hypot(other[0] - one[0], other[1] - one[1])
        first = one[0] + leaving[0] * reach, one[1] + leaving[1] * reach
        second = other[0] - arriving[0] * reach, other[1] - arriving[1] * reach
        line += _bezier(one, first, second, other)[1:]
    return line


def _bezier(*corners: Point) -> list[Point]:
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        across, down = (sum(w * corner[axis] for w, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
        points.append((across, down))
    return points
