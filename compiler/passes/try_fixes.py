"""Tries offered fixes before anybody sees them: what does not mend the node is not offered."""

from __future__ import annotations

from dataclasses import replace

from ..apply_change import apply_all
from ..changes import ChangeError
from ..document import Notebook
from ..problems import Fix, Problem
from .draft import Draft, ShapeOracle

# Each trial asks for the shapes of the whole network again; most answers are remembered.
_TRIALS = 12


def keep_what_works(draft: Draft, problems: list[Problem]) -> list[Problem]:
    """The problems with those of their fixes after which Keras accepts the node. Beyond a dozen trials fixes are left
    out: who has that many refusals mends the first ones first."""
    oracle, left, tried = draft.oracle, _TRIALS, []
    for problem in problems:
        fixes = problem.fixes[:left]
        left -= len(fixes)
        working = tuple(fix for fix in fixes if oracle is not None and _mends(draft, oracle, problem.at.node, fix))
        tried.append(replace(problem, fixes=working))
    return tried


def _mends(draft: Draft, oracle: ShapeOracle, node: str, fix: Fix) -> bool:
    try:
        mended = apply_all(Notebook(cells=(draft.network,)), fix.changes)
    except ChangeError:
        return False
    shapes = oracle.infer(mended.networks()[0]).get(node)
    return shapes is not None and not shapes.refused
