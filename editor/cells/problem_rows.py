"""Problems as rows: what is wrong, what it means, and a button for every fix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...compiler.passes.resolve_kinds import ALLOW
from ...compiler.problems import Problem
from ..findings import with_ids
from ..pages.icons import icon
from ..pages.markup import Html, h
from .context import Context


def problem_rows(problems: Sequence[Problem], *, of: str = "") -> Html | None:
    """The rows, worst first. `of` is the cell that they stand in; a row of another cell leads there."""
    if not problems:
        return None
    order = {"error": 0, "warning": 1, "info": 2}
    known = with_ids(tuple(problems))
    ranked = sorted(known.items(), key=lambda item: order[item[1].severity])
    return h("div", [_row(id_, problem, of) for id_, problem in ranked], data_key="problems")


def _row(id_: str, problem: Problem, of: str) -> Html:
    at = problem.at
    elsewhere = at.cell and at.cell != of
    target = f"node:{at.node}" if at.node else f"cell:{at.cell}"
    return h(
        "div",
        icon(problem.severity),
        h("div", h("span", problem.code, class_="code"), problem.message),
        h("button", f"Show in {at.cell}", class_="btn ghost compact", type="button", data_reveal=target)
        if elsewhere
        else h("span"),
        h("div", problem.help, class_="help") if problem.help else None,
        h(
            "div",
            [
                h(
                    "button",
                    fix.title,
                    class_="btn compact",
                    type="button",
                    data_action="fix",
                    data_value=f"{id_}/{number}",
                )
                for number, fix in enumerate(problem.fixes)
                if fix.changes or fix.title == ALLOW
            ],
            class_="fixes",
        ),
        class_=f"problem {problem.severity}",
        role="group",
        data_key=id_,
        data_testid=f"problem:{problem.code}",
    )


def accept_fix(context: Context, message: dict[str, Any], problems: Sequence[Problem]) -> bool:
    """Performs the fix whose button was pressed, where its problem still stands; whether it does."""
    id_, _, number = str(message.get("value")).rpartition("/")
    problem = with_ids(tuple(problems)).get(id_)
    if problem is None or not number.isdigit() or int(number) >= len(problem.fixes):
        return False
    fix = problem.fixes[int(number)]
    if fix.title == ALLOW:
        context.allow_code()
    else:
        context.perform(fix.title, *fix.changes)
    return True
