"""The table of a data cell's columns: what each is taken for, what it is used for, and what its values are like."""

from __future__ import annotations

from typing import Any

from ...compiler.changes import SetField
from ...compiler.document import DataCell
from ...runtime.data.column_words import ROLES, TYPES
from ..pages.markup import Html, classes, h
from ..settings_form import number_text
from .context import Context

_OUTLIERS = "Values further from the middle half than 1.5 times its width (interquartile range)"


def column_table(columns: list[dict[str, Any]], of: str = "") -> Html:
    """One row a column. With `of`, the cell's name, types and roles are chosen in it."""
    titles = ("Missing", "Outliers", "Distinct", "Lowest", "Mean", "Highest", "Deviation")
    head = h(
        "tr",
        [h("th", title) for title in ("Column", "Type", "Role")],
        h("th", "Distribution"),
        [h("th", title, class_="number", title=_OUTLIERS if title == "Outliers" else None) for title in titles],
    )
    body = h("tbody", [_row(column, of) for column in columns])
    return h(
        "div",
        h("table", h("thead", head), body, class_="table column-table"),
        class_="table-scroll",
        tabindex="0",
        role="region",
        aria_label=f"Columns of {of}" if of else "Columns",
    )


def _row(column: dict[str, Any], of: str) -> Html:
    name = str(column.get("name", ""))
    return h(
        "tr",
        h("td", name, title=name),
        h("td", _type_of(column, of)),
        h("td", _role_of(column, of)),
        h("td", spark(column.get("bins") or [])),
        h("td", _count(column.get("missing")), class_=classes("number", bool(column.get("missing")) and "some")),
        h("td", _count(column.get("outliers")), class_="number"),
        h("td", _count(column.get("distinct")), class_="number"),
        [h("td", short(column.get(key)), class_="number") for key in ("minimum", "mean", "maximum", "deviation")],
        class_="unused" if column.get("role") == "ignore" else None,
        data_key=f"column:{name}",
    )


def _type_of(column: dict[str, Any], of: str) -> Any:
    shown = str(column.get("shown") or column.get("type", ""))
    if not of or shown not in TYPES:
        return TYPES.get(shown, shown)
    choices = dict(TYPES)
    if column.get("declared"):
        choices["infer"] = "Infer again"
    return _select(f"type:{column['name']}", f"Type of {column['name']}", choices, shown)


def _role_of(column: dict[str, Any], of: str) -> Any:
    role = str(column.get("role", ""))
    if not of:
        return ROLES.get(role, role)
    choices = ROLES if role in ROLES else {"": "Choose a role", **ROLES}
    return _select(f"role:{column['name']}", f"Role of {column['name']}", choices, role)


def _select(field: str, label: str, choices: dict[str, str], chosen: str) -> Html:
    options = [h("option", words, value=value, selected=value == chosen) for value, words in choices.items()]
    return h("select", options, class_="input", data_field=field, aria_label=label, data_key=field)


def heard_column(context: Context, cell: DataCell, message: dict[str, Any]) -> bool:
    """Takes a choice in the table; whether it was one."""
    kind, _, name = str(message.get("field", "")).partition(":")
    value = str(message.get("value"))
    if message.get("action") != "set" or kind not in ("type", "role") or not name:
        return False
    field = f"{kind}s"
    chosen = None if value in ("infer", "") else value
    if chosen is not None and chosen not in (TYPES if kind == "type" else ROLES):
        return False
    if getattr(cell, field).get(name) != chosen:
        words = (TYPES if kind == "type" else ROLES).get(value, "what it looks like")
        context.perform(f"Take {name} for {words.lower()}", SetField(cell=cell.id, field=field, key=name, value=chosen))
    return True


def spark(bins: list[float]) -> Html | None:
    """A histogram the size of a word."""
    most = max(bins, default=0)
    if not most:
        return None
    return h(
        "span", [h("i", style=f"--share: {count / most:.3f}") for count in bins], class_="spark", aria_hidden="true"
    )


def short(value: Any) -> str:
    """A value for a narrow column."""
    if value is None:
        return ""
    if isinstance(value, float):
        return number_text(float(f"{value:.4g}"))
    return str(value)


def _count(value: Any) -> str:
    return f"{value:,}" if value else ""
