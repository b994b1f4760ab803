"""Remembers what each sender's gestures were answered with, so that none is applied twice."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from ..compiler.records import Address
from .journal import Entry

REMEMBERED = 1000  # answers for each sender; a browser that resends has a handful


@dataclass(frozen=True, slots=True)
class Answer:
    """`refused` is the reason, or "" for a gesture that was applied and changed what `addresses` name."""

    digest: str
    revision: int
    addresses: tuple[Address, ...] = ()
    refused: str = ""


def digest(content: Any) -> str:
    """A short fingerprint of a gesture: two gestures under one number are told apart by it."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


class Acknowledged:
    """Answers by sender and sequence number. What is older than all that is remembered counts as applied."""

    def __init__(self) -> None:
        self._answers: dict[str, OrderedDict[int, Answer]] = {}
        self._floor: dict[str, int] = {}

    def read(self, entries: list[Entry]) -> None:
        """Takes over what a journal knows."""
        for entry in entries:
            for sender, sequence in entry.get("acknowledged", {}).items():
                self._floor[sender] = max(sequence, self._floor.get(sender, 0))
            if "act" in entry:
                addresses = tuple(tuple(address) for address, _, _ in entry["records"])
                self.remember(entry["sender"], entry["sequence"], Answer(entry["digest"], entry["revision"], addresses))

    def remember(self, sender: str, sequence: int, answer: Answer) -> None:
        answers = self._answers.setdefault(sender, OrderedDict())
        answers[sequence] = answer
        while len(answers) > REMEMBERED:
            oldest, _ = answers.popitem(last=False)
            self._floor[sender] = max(oldest, self._floor.get(sender, 0))

    def answer(self, sender: str, sequence: int) -> Answer | None:
        """What this gesture was answered with, None if it is new."""
        known = self._answers.get(sender, {}).get(sequence)
        if known is None and sequence <= self._floor.get(sender, 0):
            return Answer("", 0)
        return known

    def last_applied(self, sender: str) -> int:
        """The highest sequence number applied for a sender, 0 for none."""
        applied = [number for number, answer in self._answers.get(sender, {}).items() if not answer.refused]
        return max([*applied, self._floor.get(sender, 0)])

    def next_free(self, sender: str) -> int:
        """The number after the highest that was answered."""
        return max(self._floor.get(sender, 0), *self._answers.get(sender, {}), 0) + 1
