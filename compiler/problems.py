"""What is wrong with a notebook, as data: where it is, why, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .changes import Change


@dataclass(frozen=True, slots=True)
class Location:
    """The line and column of a drawing. `cell` is a cell's name; `node` and `wire` are ids."""

    cell: str = ""
    node: str = ""
    port: str = ""
    parameter: str = ""
    wire: str = ""

    def to_json(self) -> dict[str, str]:
        return {"cell": self.cell, "node": self.node, "port": self.port, "parameter": self.parameter}


@dataclass(frozen=True, slots=True)
class Fix:
    """An offered repair: accepting it performs `changes` as one ordinary, undoable gesture."""

    title: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One cause, one problem. Codes: W1xx wiring, S2xx shapes, P3xx parameters, T4xx training, D5xx data,
    F6xx file."""

    code: str
    message: str
    at: Location = field(default_factory=Location)
    severity: Literal["error", "warning", "info"] = "error"
    help: str = ""
    related: tuple[tuple[Location, str], ...] = ()
    fixes: tuple[Fix, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "at": self.at.to_json(),
            "help": self.help,
            "fixes": [fix.title for fix in self.fixes],
        }


def has_errors(problems: tuple[Problem, ...] | list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def render(problem: Problem) -> str:
    """The problem as a person reads it in a terminal: one line, then place, help and fixes."""
    at = problem.at
    place = " › ".join(
        part
        for part in (
            at.cell,
            at.node,
            f"port {at.port}" if at.port else "",
            f"parameter {at.parameter}" if at.parameter else "",
        )
        if part
    )
    lines = [f"{problem.severity}[{problem.code}]: {problem.message}"]
    if place:
        lines.append(f"  at {place}")
    lines += [f"  {location.node or location.cell}: {text}" for location, text in problem.related]
    if problem.help:
        lines.append(f"  help: {problem.help}")
    lines += [f"  fix: {fix.title}" for fix in problem.fixes]
    return "\n".join(lines)
