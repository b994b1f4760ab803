"""Tries offered fixes before anybody sees them: what does not mend the node is not offered."""

from __future__ import annotations

from dataclasses import replace

from ..apply_change import apply_all
from ..changes import ChangeError, Connect
from ..document import NetworkCell, Notebook
from ..problems import Fix, Problem
from .draft import Draft, ShapeOracle

# Each trial asks for the shapes of the whole network again; most answers are remembered.
_TRIALS = 12

# Trying to rewire needs no Keras and takes a millisecond at most.
_REWIRINGS = 50


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


def keep_what_can_be_done(draft: Draft, problems: list[Problem]) -> list[Problem]:
    """The problems without the fixes that an edit would refuse: a new wire may close a cycle, or meet a port that is
    wrong itself."""
    left, tried = _REWIRINGS, []
    for problem in problems:
        kept = []
        for fix in problem.fixes:
            if any(isinstance(change, Connect) for change in fix.changes):
                left -= 1
                if left < 0 or _after(draft, fix) is None:
                    continue
            kept.append(fix)
        tried.append(replace(problem, fixes=tuple(kept)))
    return tried


def _after(draft: Draft, fix: Fix) -> NetworkCell | None:
    """The network after a fix; None where the edit is refused."""
    try:
        others = (cell for cell in draft.definitions.values() if cell.id != draft.network.id)
        after = apply_all(Notebook(cells=(draft.network, *others)), fix.changes)
        return after.networks()[0]
    except ChangeError:
        return None


def _mends(draft: Draft, oracle: ShapeOracle, node: str, fix: Fix) -> bool:
    mended = _after(draft, fix)
    if mended is None:
        return False
    used = (draft.definitions,) if draft.definitions else ()
    shapes = oracle.infer(mended, *used).get(node)
    return shapes is not None and not shapes.refused
