"""Which equal stretches follow each other, each feeding the next: what becomes one node that is repeated. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .candidates import Candidate, slots_of
from .sequence import Sequence

# How the next repetition gets what it takes at one place: ("out", node, port) from within this one, ("pass", slot) what
# this one got at that slot, ("same",) what all of them get.
Feed = tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Runs:
    """`runs` are the starts of the stretches of each node; `feed` says for each slot where the next gets it from.
    `outputs` are (node within the stretch, port) that somebody outside takes, or the next repetition."""

    length: int
    runs: tuple[tuple[int, ...], ...]
    slots: dict[int, tuple[tuple[int, str], ...]]
    feed: Feed
    outputs: tuple[tuple[int, str], ...]

    @property
    def saved(self) -> int:
        """How many nodes fewer the network has with them."""
        return sum(self.length * len(run) - 1 for run in self.runs)


def runs_of(row: Sequence, candidate: Candidate) -> Runs:
    """The stretches of a candidate as runs."""
    length = candidate.length
    slots = {start: slots_of(row, start, length) for start in candidate.starts}
    feeds = {start: _feed(slots, start, length) for start in candidate.starts if start + length in slots}
    common = Counter(feed for feed in feeds.values() if feed is not None).most_common(1)
    feed = common[0][0] if common else ()
    runs: list[list[int]] = []
    for start in candidate.starts:
        if feed and runs and runs[-1][-1] + length == start and feeds[runs[-1][-1]] == feed:
            runs[-1].append(start)
        else:
            runs.append([start])
    whole = [piece for run in runs for piece in _without_leaks(row, run, length, slots, feed)]
    if all(len(run) == 1 for run in whole):
        feed = ()
    outputs = _outputs(row, whole, length, feed)
    return Runs(length, tuple(map(tuple, whole)), slots, feed, outputs)


def _feed(slots: dict[int, tuple[tuple[int, str], ...]], start: int, length: int) -> Feed | None:
    """How the stretch after this one is fed; None where it cannot be its repetition."""
    found: list[tuple[str | int, ...]] = []
    mine = slots[start]
    for index, (source, port) in enumerate(slots[start + length]):
        if source >= start:
            found.append(("out", source - start, port))
        elif (source, port) == mine[index]:
            found.append(("same",))
        elif (source, port) in mine:
            found.append(("pass", mine.index((source, port))))
        else:
            return None
    return tuple(found) if any(one[0] == "out" for one in found) else None


def _without_leaks(
    row: Sequence, run: list[int], length: int, slots: dict[int, tuple[tuple[int, str], ...]], feed: Feed
) -> list[list[int]]:
    """The run, cut behind each repetition of which something else than the next ones takes a tensor."""
    for index, start in enumerate(run[:-1]):
        if _leaks(row, start, length, run, slots, feed):
            parts = run[: index + 1], run[index + 1 :]
            return [piece for part in parts for piece in _without_leaks(row, part, length, slots, feed)]
    return [run]


def _leaks(
    row: Sequence,
    start: int,
    length: int,
    run: list[int],
    slots: dict[int, tuple[tuple[int, str], ...]],
    feed: Feed,
) -> bool:
    end = run[-1] + length
    passed = {slots[run[-1]][int(one[1])] for one in feed if one[0] == "pass"}
    for place in range(start, start + length):
        for key in row.by_place.get(place, ()):
            if key not in passed and any(user >= end for user in row.users[key]):
                return True
    return False


def _outputs(row: Sequence, runs: list[list[int]], length: int, feed: Feed) -> tuple[tuple[int, str], ...]:
    found = {(int(one[1]), str(one[2])) for one in feed if one[0] == "out"}
    for run in runs:
        start = run[-1]
        for place in range(start, start + length):
            for key in row.by_place.get(place, ()):
                if any(user >= start + length for user in row.users[key]):
                    found.add((place - start, key[1]))
    return tuple(sorted(found))
