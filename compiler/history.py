"""Undo and redo, derived: a gesture keeps the records it changed, and undoing puts the old ones back.

Each tab undoes its own gestures, latest first. Nobody writes an inverse.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from .changes import RestoreRecords
from .records import Difference, record_to_json

LIMIT = 1000  # gestures; about 1 KiB each


@dataclass(frozen=True, slots=True)
class Gesture:
    """What one tab did in one go. `records` are (address, old, new)."""

    tab: str
    label: str
    records: tuple[Difference, ...]

    def backward(self) -> RestoreRecords:
        """The change that undoes the gesture."""
        return _restore([(address, new, old) for address, old, new in self.records])

    def forward(self) -> RestoreRecords:
        """The change that does it again."""
        return _restore(list(self.records))


def _restore(steps: list[Difference]) -> RestoreRecords:
    return RestoreRecords(
        records=tuple((address, record_to_json(new)) for address, _, new in steps),
        expected=tuple((address, record_to_json(old)) for address, old, _ in steps),
    )


class History:
    """The gestures of all tabs, bounded; the oldest are forgotten first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._done: deque[Gesture] = deque(maxlen=limit)
        self._undone: dict[str, list[Gesture]] = {}
        self._limit = limit

    def record(self, gesture: Gesture, *, merge: bool = False) -> None:
        """Adds a gesture. With `merge` it joins the latest one of its tab where both change the same records
        (keystrokes in one field)."""
        self._undone.pop(gesture.tab, None)
        if merge and self._done and self._done[-1].tab == gesture.tab:
            latest = self._done[-1]
            if [record[0] for record in latest.records] == [record[0] for record in gesture.records]:
                joined = tuple(
                    (address, old, new)
                    for (address, old, _), (_, _, new) in zip(latest.records, gesture.records, strict=True)
                )
                self._done[-1] = replace(gesture, records=joined)
                return
        self._done.append(gesture)

    def next_undo(self, tab: str) -> Gesture | None:
        """The gesture that undo would take back for this tab."""
        return next((gesture for gesture in reversed(self._done) if gesture.tab == tab), None)

    def next_redo(self, tab: str) -> Gesture | None:
        """The gesture that redo would bring back for this tab."""
        undone = self._undone.get(tab)
        return undone[-1] if undone else None

    def undone(self, gesture: Gesture) -> None:
        """Notes that a gesture has been taken back."""
        # By identity, from the end: muting, unmuting and muting again makes two equal gestures.
        at = max(index for index, other in enumerate(self._done) if other is gesture)
        del self._done[at]
        undone = self._undone.setdefault(gesture.tab, [])
        undone.append(gesture)
        del undone[: -self._limit]

    def redone(self, gesture: Gesture) -> None:
        """Notes that the gesture of `next_redo` has been brought back."""
        self._undone[gesture.tab].pop()
        self._done.append(gesture)
