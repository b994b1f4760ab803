"""What an import did with each thing that it found. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..document import NetworkCell
from .places import FileLayer


@dataclass(slots=True)
class ImportReport:
    """`folded` is how many repeated blocks stand in `blocks`: the network, the block's network, its nodes.
    `placeholders` are node ids with the reason; `notes` one sentence for each thing that was left out. `codes` is the
    code that layers hold, by the layer's name: as Python or as words, never run."""

    mapped: int = 0
    folded: int = 0
    blocks: list[tuple[str, str, int]] = field(default_factory=list)
    placeholders: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)

    def placeholder(self, cell: str, node: str, why: str) -> None:
        self.placeholders.append((cell, node, why))

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def to_json(self) -> dict[str, Any]:
        """As `weftwork import --json` prints it, without path and networks."""
        return {
            "mapped": self.mapped,
            "folded": self.folded,
            "blocks": [{"network": network, "block": block, "nodes": nodes} for network, block, nodes in self.blocks],
            "placeholders": [node for _, node, _ in self.placeholders],
            "reasons": [{"cell": cell, "node": node, "reason": why} for cell, node, why in self.placeholders],
            "notes": list(self.notes),
            "codes": [{"layer": layer, "code": code} for layer, code in self.codes],
        }

    def lines(self) -> list[str]:
        """The report in words."""
        said = [f"{self.mapped} layer{'s' * (self.mapped != 1)} and operations mapped."]
        if self.blocks:
            names = [name for _, name, _ in self.blocks]
            listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
            of_them = f"{len(names)} network{'s' * (len(names) != 1)}: {listed}."
            said.append(
                f"{self.folded} repeated blocks were folded into {of_them}" if self.folded else f"Made {of_them}"
            )
        said += [f"Placeholder {node} in {cell}: it {why}." for cell, node, why in self.placeholders]
        return said + self.notes


@dataclass(frozen=True, slots=True)
class Imported:
    """`cells` has the networks that are used as nodes before those that use them; the last is the model itself.
    `layers` are those of the file with the names that they have in it when all is laid out flat."""

    cells: tuple[NetworkCell, ...]
    report: ImportReport
    layers: tuple[FileLayer, ...] = ()
