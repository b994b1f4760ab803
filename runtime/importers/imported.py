"""What an importer gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHANGED = (
    "The {what} of {name} were changed after the export. What is opened is the notebook inside, without the changes."
)


@dataclass(frozen=True)
class Imported:
    """The text of a notebook file, and sentences that the user must know about how it came to be."""

    text: str
    notices: list[str] = field(default_factory=list)
    # Of a model: how much of it was mapped, folded and kept as placeholders (`ImportReport.to_json`).
    report: dict[str, Any] = field(default_factory=dict)
    # Where the weights of a model wait for the name of their notebook, and how many layers have some.
    weights: Path | None = None
    weighted: int = 0
