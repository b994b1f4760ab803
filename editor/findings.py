"""What the background check has found out about one revision of a notebook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from ..compiler.problems import Problem
from ..compiler.program import Program
from ..compiler.specs import DataDescription, NodeShapes


@dataclass(frozen=True, slots=True)
class Findings:
    """`shapes` and `programs` go by cell name, `data` by the data cell's name. `complete` says that Keras was
    asked; until then shapes are those of an earlier revision."""

    revision: int = 0
    complete: bool = False
    problems: tuple[Problem, ...] = ()
    shapes: dict[str, dict[str, NodeShapes]] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    data: dict[str, DataDescription] = field(default_factory=dict)


def with_ids(problems: tuple[Problem, ...]) -> dict[str, Problem]:
    """The problems by an id that stays the same for as long as the problem does."""
    found: dict[str, Problem] = {}
    for problem in problems:
        at = problem.at
        text = "\n".join((problem.code, at.cell, at.node, at.port, at.parameter, at.wire, problem.message))
        id_ = f"{problem.code}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        while id_ in found:
            id_ += "+"
        found[id_] = problem
    return found
