"""`kill -9` of every part at random moments: no acknowledged edit is lost, runs are resumed, the file opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .scenario import Scenario

pytestmark = pytest.mark.keras

PARTS = ("server", "host", "shapes", "run")


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[Callable[[int], Scenario]]:
    begun: list[Scenario] = []

    def begin(seed: int) -> Scenario:
        begun.append(Scenario(tmp_path / str(seed), seed))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()


def test_eight_kills_lose_nothing(scenario: Callable[[int], Scenario], crash_table: Callable[[str], None]) -> None:
    """With the two of the browser these are the ten kills of the quick suite. One TensorFlow serves the first four; the
    run goes on while the servers are killed."""
    running = scenario(1)
    for part in ("shapes", "run", "run", "host", "server", "server", "server", "server"):
        running.kill(part)
    table = running.end()
    assert sum(table.kills.values()) == 8
    assert table.resumed == 2
    crash_table(table.row("quick, seed 1"))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 10))
def test_twelve_kills_in_any_order_lose_nothing(
    scenario: Callable[[int], Scenario], crash_table: Callable[[str], None], seed: int
) -> None:
    running = scenario(seed)
    parts = [*PARTS, *running.dice.choices(("server", "server", "run", "shapes", "run"), k=8)]
    running.dice.shuffle(parts)
    for part in parts:
        running.kill(part)
    table = running.end()
    assert sum(table.kills.values()) == 12
    crash_table(table.row(f"seed {seed}"))
