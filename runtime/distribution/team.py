"""This process' part in a run on several machines: its strategy, and the chief's lead. None where it trains alone."""

from __future__ import annotations

import time
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


# A machine that is gone is noticed by its connection too, which ends this process with a plain sentence.
_NOTICED_WITHIN_S = 30.0

_present: Team | None = None


def join(team: Team) -> None:
    """TensorFlow belongs to one cluster for the life of a process, and so does the process."""
    global _present
    _present = team


def present() -> Team | None:
    return _present


def wait_until_noticed() -> None:
    """To be called where TensorFlow tells in its own words that something broke between machines."""
    time.sleep(_NOTICED_WITHIN_S)
