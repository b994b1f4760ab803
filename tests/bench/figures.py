"""Figures and how they are shown."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table. `value` is shown as it is; `budget` is that of the design."""

    what: str
    value: str
    against: str
    budget: str


def interleaved(rounds: int, variants: dict[str, Callable[[], float | None]]) -> dict[str, list[float]]:
    """Seconds of each variant in each round, after one round that does not count. Each round runs all of them, so that
    what disturbs the machine disturbs all alike. A variant of which not everything counts gives its seconds itself."""
    for run in variants.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(rounds):
        order = list(variants) if number % 2 else list(reversed(variants))
        for name in order:
            start = time.perf_counter()
            own = variants[name]()
            seconds[name].append(time.perf_counter() - start if own is None else own)
    return seconds


def ratio(seconds: dict[str, list[float]], one: str, other: str) -> str:
    """Ratio of the medians, and of the least, as text."""
    medians = statistics.median(seconds[one]) / statistics.median(seconds[other])
    return f"{medians:.2f} × (least {min(seconds[one]) / min(seconds[other]):.2f} ×)"


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [f"| {figure.what} | {figure.value} | {figure.against} | {figure.budget} |" for figure in figures]
    return "\n".join(["| what | measured | against | budget |", "|---|---|---|---|", *rows])
