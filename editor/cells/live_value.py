"""What prose shows for `{{fit.val_accuracy}}`: the latest result of the cell, with its age in a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...compiler.cell_graph import by_name
from ...compiler.document import NetworkCell, TrainingCell
from ...runtime.run_directory import RunDirectory
from ...runtime.run_result import final_metrics
from ..pages.markup import Html, classes, h
from .cell_head import reasons
from .context import Context
from .run_words import duration, metric_value


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
    columns = set(data.fields)
    classes_ = {one for field in data.fields.values() if field.role == "target" for one in field.classes}
    return _pick(
        {
            "rows": f"{data.rows + data.validation_rows:,}",
            "validation_rows": f"{data.validation_rows:,}",
            "columns": str(len(columns)),
            "classes": str(len(classes_)),
        },
        name,
        value,
    )


def _of_network(context: Context, name: str, value: str) -> LiveValue:
    cell = by_name(context.open.notebook)[name]
    assert isinstance(cell, NetworkCell)
    values = {"nodes": f"{len(cell.nodes):,}", "wires": f"{len(cell.wires):,}"}
    shapes, program = context.open.shapes.get(name), context.open.findings.programs.get(name)
    if shapes is not None and cell.nodes:
        values["parameters"] = f"{sum(known.parameters for known in shapes.values()):,}"
    if program is not None:
        operations = sum(not call.layer for call in program.calls)
        values["layers"] = f"{len(program.inputs) + len(program.layers) + operations:,}"
    if value in ("parameters", "layers") and value not in values:
        return LiveValue(fault=f"The {value} of {name} are not known yet", pending=True)
    return _pick(values, name, value)


def _of_training(context: Context, name: str, value: str) -> LiveValue:
    cell = by_name(context.open.notebook)[name]
    standing = context.standing(name)
    settings = {}
    if isinstance(cell, TrainingCell):
        settings = {"epochs": str(cell.epochs), "batch_size": str(cell.batch_size), "seed": str(cell.seed)}
    if value in settings:
        return LiveValue(settings[value])
    if standing.run is None:
        return LiveValue(fault=f"{name} has not been trained yet", pending=True)
    return _pick({**settings, **_run_values(standing.run)}, name, value, reasons(standing.why))


def _run_values(run: RunDirectory) -> dict[str, str]:
    """The metrics of a run's last epoch, also under the short names that everybody uses."""
    metrics = final_metrics(run)
    info = run.info()
    values = {name: metric_value(name, number) for name, number in metrics.items()}
    for name, text in list(values.items()):
        for prefix in ("val_", ""):
            short = f"{prefix}accuracy"
            if name.startswith(prefix) and name.endswith("accuracy") and (prefix or not name.startswith("val_")):
                values.setdefault(short, text)
    return {
        **values,
        "seconds": duration(float(info.get("seconds") or 0.0)),
        "steps": f"{int(info.get('step') or 0):,}",
        "run": run.id,
        "state": run.state(),
    }


def _of_evaluation(context: Context, name: str, value: str) -> LiveValue:
    standing = context.standing(name)
    output = standing.outputs.get("")
    if output is None:
        return LiveValue(fault=f"{name} has not been evaluated yet", pending=True)
    metrics = output.content.get("metrics") or {}
    values = {key: metric_value(key, number) for key, number in metrics.items() if isinstance(number, int | float)}
    for key, text in list(values.items()):
        if key.endswith("accuracy"):
            values.setdefault("accuracy", text)
    if "rows" in output.content:
        values["rows"] = f"{output.content['rows']:,}"
    return _pick(values, name, value, reasons(standing.why))
