"""What an open notebook answers to a gesture, and what it tells those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# A record's address and its present value as plain JSON, None where it is gone.
JsonRecord = tuple[tuple[str, ...], Any]


@dataclass(frozen=True, slots=True)
class Applied:
    """The gesture is part of the notebook and, if it is `kept`, of the journal on the disk. `records` are the records
    it changed, as they stand now; a `duplicate` had been applied before and was not applied again."""

    revision: int
    sequence: int
    records: tuple[JsonRecord, ...] = ()
    duplicate: bool = False
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing has happened. `records` are the present values of what the gesture would have changed."""

    reason: str
    revision: int
    sequence: int
    records: tuple[JsonRecord, ...] = ()


Reply = Applied | Refused


@dataclass(frozen=True, slots=True)
class Changed:
    """The notebook has a new revision. `sender` tells apart the parts of one tab that number their own gestures.
    What is not `kept` is not on the disk yet, and `Kept` follows when it is."""

    revision: int
    tab: str
    sender: str
    sequence: int
    label: str
    records: tuple[JsonRecord, ...]
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """What could not be written to the disk has reached it."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """Problems or shapes may differ. `complete` once Keras has been asked about this revision."""

    revision: int
    complete: bool


@dataclass(frozen=True, slots=True)
class SaveStateChanged:
    """`state` is saved, saving, unsaved, or `failed: <reason>`."""

    state: str


@dataclass(frozen=True, slots=True)
class RunsChanged:
    """A run of this notebook was started or has changed its state."""


@dataclass(frozen=True, slots=True)
class FileChanged:
    """There is something else to say of the notebook's file: who writes it, what another program wrote."""


@dataclass(frozen=True, slots=True)
class CodeAllowed:
    """Code of this notebook may run that could not before."""


Notice = CodeAllowed | Changed | Kept | StatusChanged | SaveStateChanged | RunsChanged | FileChanged
