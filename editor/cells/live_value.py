"""What prose shows for `{{fit.val_accuracy}}`: the latest result of the cell, with its age in a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...compiler.cell_graph import by_name
from ...compiler.document import NetworkCell, TrainingCell
from ...runtime import shown_values
from ..pages.markup import Html, classes, h
from .cell_head import reasons
from .context import Context


@dataclass(frozen=True, slots=True)
class LiveValue:
    """`text` is "" where there is no value; `fault` then says why, and `known` what there is instead. `pending` means
    that there will be one."""

    text: str = ""
    why: str = ""
    fault: str = ""
    pending: bool = False
    known: tuple[str, ...] = ()


def live_value(context: Context, name: str, value: str) -> LiveValue:
    """The latest `value` of the cell called `name`."""
    cell = by_name(context.open.notebook).get(name)
    match cell.kind if cell else "":
        case "data":
            return _of_data(context, name, value)
        case "network":
            return _of_network(context, name, value)
        case "training":
            return _of_training(context, name, value)
        case "evaluation":
            return _of_evaluation(context, name, value)
        case "":
            return LiveValue(fault=f"No cell is called {name}")
        case kind:
            return LiveValue(fault=f"{name} is a {kind} cell, which has no values")


def live_html(context: Context, name: str, value: str) -> Html:
    """The value, or a placeholder that says why there is none."""
    found = live_value(context, name, value)
    written = f"{name}.{value}"
    if found.text:
        return h(
            "span",
            found.text,
            h("span", f"{written}. {found.why}", class_="tip", role="tooltip"),
            class_=classes("live", found.why and "stale"),
            tabindex="0",
            data_testid=f"live:{written}",
        )
    return h(
        "span",
        "{{" + written + "}}",
        h("span", found.fault, class_="tip", role="tooltip"),
        class_=classes("live", "pending" if found.pending else "unknown"),
        tabindex="0",
        data_testid=f"live:{written}",
    )


def _pick(values: Mapping[str, str], name: str, value: str, why: str = "") -> LiveValue:
    if value in values:
        return LiveValue(values[value], why)
    known = tuple(sorted(values))
    return LiveValue(fault=f"{name} has no {value}; it has {', '.join(known)}", known=known)


def _of_data(context: Context, name: str, value: str) -> LiveValue:
    data = context.open.findings.data.get(name)
    if data is None:
        return LiveValue(fault=f"{name} is being read, or cannot be", pending=True)
    return _pick(shown_values.of_data(data), name, value)


def _of_network(context: Context, name: str, value: str) -> LiveValue:
    cell = by_name(context.open.notebook)[name]
    assert isinstance(cell, NetworkCell)
    program = context.open.findings.programs.get(name)
    values = shown_values.of_network(cell, context.open.shapes.get(name), program)
    if value in ("parameters", "layers") and value not in values:
        return LiveValue(fault=f"The {value} of {name} are not known yet", pending=True)
    return _pick(values, name, value)


def _of_training(context: Context, name: str, value: str) -> LiveValue:
    cell = by_name(context.open.notebook)[name]
    standing = context.standing(name)
    settings = shown_values.of_training(cell) if isinstance(cell, TrainingCell) else {}
    if value in settings:
        return LiveValue(settings[value])
    if standing.run is None:
        return LiveValue(fault=f"{name} has not been trained yet", pending=True)
    return _pick({**settings, **shown_values.of_run(standing.run)}, name, value, reasons(standing.why))


def _of_evaluation(context: Context, name: str, value: str) -> LiveValue:
    standing = context.standing(name)
    output = standing.outputs.get("")
    if output is None:
        return LiveValue(fault=f"{name} has not been evaluated yet", pending=True)
    return _pick(shown_values.of_evaluation(output.content), name, value, reasons(standing.why))
