"""What is wrong with the columns of a table, whatever file it stands in: names, declared types, odd values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .column_words import TYPES
from .columns import Column
from .date_parts import is_date_part
from .source import UnusableData, closest, problem, set_field

_LISTED = 5


def check_types(cell: DataCell) -> None:
    """Raises UnusableData where the cell declares a type that does not exist."""
    for name, type in cell.types.items():
        if type not in TYPES:
            raise UnusableData(
                [
                    problem(
                        cell,
                        "D526",
                        f"Column ‘{name}’ has the unknown type ‘{type}’",
                        parameter=f"types.{name}",
                        help=f"Types are {', '.join(TYPES)}.",
                        fixes=(set_field(cell, "Infer the type", "types", None, key=name),),
                    )
                ]
            )


def check_names(cell: DataCell, names: list[str]) -> None:
    """Raises UnusableData where two columns share a name, or a setting names a column that is not there."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        listed = ", ".join(f"‘{name}’" for name in twice)
        raise UnusableData([problem(cell, "D529", f"Two columns are called {listed}", help="Rename one in the file.")])
    for field, given in (("types", cell.types), ("roles", cell.roles)):
        for name in given:
            # A missing target is told apart, by the check of roles.
            if (
                name not in names
                and not is_date_part(name, names)
                and not (field == "roles" and given[name] == "target")
            ):
                meant = closest(name, names)
                fixes = [set_field(cell, f"Forget ‘{name}’", field, None, key=name)]
                raise UnusableData(
                    [
                        problem(
                            cell,
                            "D509",
                            f"‘{cell.location}’ has no column ‘{name}’",
                            parameter=f"{field}.{name}",
                            help=f"Did you mean ‘{meant}’?" if meant else f"It has {', '.join(names[:12])}.",
                            fixes=tuple(fixes),
                        )
                    ]
                )


def check_mixed(cell: DataCell, columns: Iterable[Column], roles: Mapping[str, str], first_line: int) -> None:
    """Raises UnusableData where a column that is used holds a few values of another type than the rest."""
    mixed = [
        _mixed(cell, column, first_line) for column in columns if column.not_numbers and roles[column.name] != "ignore"
    ]
    if mixed:
        raise UnusableData(mixed)


def _mixed(cell: DataCell, column: Column, first_line: int) -> Problem:
    found = list(column.not_numbers.items())
    listed = ", ".join(f"‘{text}’ in row {row + 1}" for row, text in found[:_LISTED])
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    help = "Rows are counted from 1 below the header."
    if first_line:
        help = f"Rows are counted from 1 below the header; row 1 is line {first_line} of the file."
    as_categories = set_field(cell, "Take the column as categories", "types", "category", key=column.name)
    as_numbers = set_field(cell, "Take what is no number as missing", "types", "number", key=column.name)
    what, fixes = "numbers", (as_numbers, as_categories)
    if cell.types.get(column.name) == "whole":
        as_numbers = set_field(cell, "Take the column as numbers", "types", "number", key=column.name)
        what, fixes = "whole numbers", (as_numbers, as_categories)
    elif cell.types.get(column.name) == "yes_no":
        what, fixes = "yes and no", (as_categories,)
    return problem(
        cell,
        "D507",
        f"Column ‘{column.name}’ holds {what}, but {listed}{more}",
        parameter=f"types.{column.name}",
        help=help,
        fixes=(*fixes, set_field(cell, f"Ignore ‘{column.name}’", "roles", "ignore", key=column.name)),
    )
