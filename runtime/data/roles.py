"""Which column is learnt from and which is predicted: the cell's roles, the source's, and a guess for the rest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .column_words import ROLES
from .columns import Column
from .date_parts import parts_fix
from .source import Raw, UnusableData, closest, problem, set_field

_TARGET_NAMES = ("target", "label", "class", "y", "species", "diagnosis", "outcome")


def resolve_roles(cell: DataCell, raw: Raw, problems: list[Problem]) -> dict[str, str]:
    """A role for every column. Raises UnusableData where the target is missing or a role is unknown."""
    wrong = [_wrong_role(cell, raw, name, role) for name, role in cell.roles.items()]
    if any(wrong):
        raise UnusableData([found for found in wrong if found])
    roles = {**raw.roles, **cell.roles}
    # Naming a target replaces the one that the source suggests.
    if "target" in cell.roles.values():
        roles = {name: role for name, role in roles.items() if role != "target" or cell.roles.get(name) == "target"}
    if cell.split.by == "column" and cell.split.column in raw.columns:
        # What says where a row belongs is no thing to learn from.
        roles.setdefault(cell.split.column, "ignore")
    for name, column in raw.columns.items():
        if name not in roles and column.type in ("text", "time"):
            # Another column that the cell names is the time of the rows then.
            roles[name] = "time" if column.type == "time" and "time" not in cell.roles.values() else "ignore"
            if column.type == "text":
                problems.append(_text_left_out(cell, column))
    if "target" not in roles.values() and len(raw.columns) > 1 and not raw.ordered and "window" not in cell.options:
        guessed = _guess(raw, roles)
        if guessed:
            roles[guessed] = "target"
    return {name: roles.get(name, "feature") for name in raw.columns}


def _guess(raw: Raw, roles: dict[str, str]) -> str:
    free = [name for name in raw.columns if name not in roles]
    named = [name for name in free if name.lower() in _TARGET_NAMES]
    if named:
        return named[0]
    # Tables by custom end with what is to be predicted; arrays have no such custom.
    single = [name for name in free if raw.columns[name].type in ("number", "category")]
    return single[-1] if len(single) == len(raw.columns) - len(roles) and len(single) > 1 else ""


def check_roles(cell: DataCell, columns: Mapping[str, Column], roles: Mapping[str, str]) -> list[Problem]:
    """Roles that a column cannot have: weights that are no numbers from 0, dates to learn from."""
    found = []
    weights = [name for name, role in roles.items() if role == "weight"]
    for name in weights:
        column = columns[name]
        if len(weights) > 1:
            message = f"Columns {', '.join(f'‘{each}’' for each in weights)} all say how much a row counts"
        elif column.type != "number":
            message = f"Column ‘{name}’ cannot weigh rows: it holds no numbers"
        elif np.any(column.values < 0):
            message = f"Column ‘{name}’ cannot weigh rows: it holds numbers below zero"
        else:
            continue
        fix = set_field(cell, f"Ignore ‘{name}’", "roles", "ignore", key=name)
        found.append(problem(cell, "D532", message, parameter=f"roles.{name}", fixes=(fix,)))
    for name, role in roles.items():
        if columns[name].type == "time" and role == "feature":
            found.append(
                problem(
                    cell,
                    "D537",
                    f"Column ‘{name}’ holds dates, which no network takes as they are",
                    parameter=f"roles.{name}",
                    severity="warning",
                    help="It is left out. What matters of it, such as the weekday, can be numbers of their own.",
                    fixes=(
                        parts_fix(cell, columns[name]),
                        set_field(cell, "Take it for the time of the rows", "roles", "time", key=name),
                        set_field(cell, f"Ignore ‘{name}’", "roles", "ignore", key=name),
                    ),
                )
            )
    return found


def _wrong_role(cell: DataCell, raw: Raw, name: str, role: str) -> Problem | None:
    if role not in ROLES:
        return problem(
            cell,
            "D526",
            f"Column ‘{name}’ has the unknown role ‘{role}’",
            parameter=f"roles.{name}",
            help=f"Roles are {', '.join(ROLES)}.",
            fixes=(set_field(cell, "Forget the role", "roles", None, key=name),),
        )
    if name in raw.columns:
        return None
    meant = closest(name, raw.columns)
    code, what = ("D508", "target column") if role == "target" else ("D509", "column")
    fixes = []
    if meant:
        renamed = {meant if key == name else key: value for key, value in cell.roles.items()}
        fixes.append(set_field(cell, f"Use ‘{meant}’", "roles", renamed))
    fixes.append(set_field(cell, f"Forget ‘{name}’", "roles", None, key=name))
    return problem(
        cell,
        code,
        f"The data have no {what} ‘{name}’",
        parameter=f"roles.{name}",
        help=f"Columns are {', '.join(list(raw.columns)[:12])}{', …' if len(raw.columns) > 12 else ''}.",
        fixes=tuple(fixes),
    )


def _text_left_out(cell: DataCell, column: Column) -> Problem:
    return problem(
        cell,
        "D531",
        f"Column ‘{column.name}’ holds text that hardly repeats and is left out",
        parameter=f"roles.{column.name}",
        severity="warning",
        fixes=(
            set_field(cell, f"Ignore ‘{column.name}’", "roles", "ignore", key=column.name),
            set_field(cell, "Take it as categories", "types", "category", key=column.name),
        ),
    )
