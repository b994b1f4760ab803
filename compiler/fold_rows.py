"""Breaks a long layout into rows, as text wraps: where few wires must lead back, and so that it fills the canvas."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import sqrt

import networkx as nx

# What the canvas shows at first on a common screen, between palette and inspector.
_VIEW_WIDTH, _VIEW_HEIGHT = 830, 450
UNBROKEN = 5  # so many columns are still readable in one row

# In units of the loss of size: a row break that also cuts a wire past it, and one row that is a column short.
_CUT, _MOST_CUT, _SHORT = 0.6, 6, 0.2

_Columns = list[list[str]]


def widest_row(columns: int) -> int:
    """The most columns that a row may have."""
    return max(8, int(1.4 * sqrt(columns)))


def fold(columns: _Columns, graph: nx.DiGraph, heights: list[float], step: float, gap: float) -> list[_Columns]:
    """The columns in rows, in order. `heights` of the columns; `step` from column to column; `gap` between rows."""
    count = len(columns)
    if count <= UNBROKEN:
        return [columns]
    cuts = _wires_cut(columns, graph)
    best: tuple[float, list[int]] | None = None
    for width in range(max(3, int(0.7 * sqrt(count))), min(widest_row(count), count) + 1):
        breaks, cost = _breaks(count, width, cuts)
        rows = list(pairwise(breaks))
        across = max(end - start for start, end in rows) * step
        down = sum(max(heights[start:end]) + gap for start, end in rows)
        # How much smaller than life it is drawn when all of it is in view.
        cost += max(across / _VIEW_WIDTH, down / _VIEW_HEIGHT, 1) * sqrt(count)
        if best is None or cost < best[0]:
            best = cost, breaks
    assert best is not None
    return [columns[start:end] for start, end in pairwise(best[1])]


def _wires_cut(columns: _Columns, graph: nx.DiGraph) -> list[int]:
    """How many nodes' wires pass each gap between two columns; the gap before the first column is number 0."""
    level = {node: index for index, column in enumerate(columns) for node in column}
    change = [0] * (len(columns) + 1)
    for node, index in level.items():
        reach = max((level[after] for after in graph.successors(node)), default=index)
        change[index + 1] += 1
        change[reach + 1] -= 1
    return list(accumulate(change))


def _breaks(count: int, width: int, cuts: list[int]) -> tuple[list[int], float]:
    """The starts of the rows and the end of the last, none wider than `width`, at the least cost."""
    cost = [0.0] + [float("inf")] * count
    before = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in reversed(range(max(0, end - width), end)):
            short = (width - (end - start)) / width
            row = _SHORT * short * short * (0.5 if end == count else 1.0) * width
            cut = _CUT * min(max(cuts[start] - 1, 0), _MOST_CUT) if start else 0.0
            if cost[start] + row + cut < cost[end]:
                cost[end], before[end] = cost[start] + row + cut, start
    breaks = [count]
    while breaks[-1]:
        breaks.append(before[breaks[-1]])
    return breaks[::-1], cost[count]
