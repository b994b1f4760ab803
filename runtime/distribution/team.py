"""This process' part in a run on several machines: its strategy, and the chief's lead. None where it trains alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .cluster import Cluster
from .gather import Lead


@dataclass(frozen=True, slots=True)
class Team:
    """`lead` is the chief's, None on the other machines. `strategy` is TensorFlow's."""

    cluster: Cluster
    strategy: Any
    lead: Lead | None = None


_present: Team | None = None


def join(team: Team) -> None:
    """TensorFlow belongs to one cluster for the life of a process, and so does the process."""
    global _present
    _present = team


def present() -> Team | None:
    return _present
