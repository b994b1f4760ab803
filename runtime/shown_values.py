"""What a cell can be asked for in prose, as in `{{fit.val_accuracy}}`: its latest results, as text. A table a kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..compiler.document import DataCell, EvaluationCell, NetworkCell, Notebook, TrainingCell
from ..compiler.program import Program
from ..compiler.specs import DataDescription, NodeShapes
from .run_directory import RunDirectory
from .run_result import final_metrics
from .standing import NOTHING, Standing


def duration(seconds: float) -> str:
    """0.8 s, 42 s, 3 min 5 s, 2 h 10 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def metric_value(name: str, value: float) -> str:
    """Accuracies as percent, everything else in four figures."""
    if name.endswith(("accuracy", "auc", "precision", "recall")) and 0 <= value <= 1:
        return f"{value * 100:.1f} %"
    return f"{value:.4g}"


def of_data(description: DataDescription) -> dict[str, str]:
    targets = (field for field in description.fields.values() if field.role == "target")
    return {
        "rows": f"{description.rows + description.validation_rows:,}",
        "validation_rows": f"{description.validation_rows:,}",
        "columns": str(len(description.fields)),
        "classes": str(len({one for field in targets for one in field.classes})),
    }


def of_network(cell: NetworkCell, shapes: Mapping[str, NodeShapes] | None, program: Program | None) -> dict[str, str]:
    """`parameters` and `layers` only where shapes and program are known."""
    values = {"nodes": f"{len(cell.nodes):,}", "wires": f"{len(cell.wires):,}"}
    if shapes is not None and cell.nodes:
        values["parameters"] = f"{sum(known.parameters for known in shapes.values()):,}"
    if program is not None:
        operations = sum(not call.layer for call in program.calls)
        values["layers"] = f"{len(program.inputs) + len(program.layers) + operations:,}"
    return values


def of_training(cell: TrainingCell) -> dict[str, str]:
    """What it has without a run."""
    return {"epochs": str(cell.epochs), "batch_size": str(cell.batch_size), "seed": str(cell.seed)}


def of_run(run: RunDirectory) -> dict[str, str]:
    """The metrics of a run's last epoch, also under the short names that everybody uses."""
    info = run.info()
    values = {name: metric_value(name, number) for name, number in final_metrics(run).items()}
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


def of_evaluation(content: Mapping[str, Any]) -> dict[str, str]:
    """The metrics of a kept evaluation, and its number of rows."""
    metrics = content.get("metrics") or {}
    values = {key: metric_value(key, number) for key, number in metrics.items() if isinstance(number, int | float)}
    for key, text in list(values.items()):
        if key.endswith("accuracy"):
            values.setdefault("accuracy", text)
    if "rows" in content:
        values["rows"] = f"{content['rows']:,}"
    return values


def shown_values(
    notebook: Notebook,
    standings: Mapping[str, Standing],
    data: Mapping[str, DataDescription],
    shapes: Mapping[str, Mapping[str, NodeShapes]],
    programs: Mapping[str, Program],
) -> dict[str, dict[str, str]]:
    """All that is known by now, by cell name. A page, which has to say why something is not, asks one by one."""
    found: dict[str, dict[str, str]] = {}
    for cell in notebook.cells:
        standing = standings.get(cell.name, NOTHING)
        match cell:
            case DataCell() if cell.name in data:
                found[cell.name] = of_data(data[cell.name])
            case NetworkCell():
                found[cell.name] = of_network(cell, shapes.get(cell.name), programs.get(cell.name))
            case TrainingCell():
                found[cell.name] = {**of_training(cell), **(of_run(standing.run) if standing.run else {})}
            case EvaluationCell() if "" in standing.outputs:
                found[cell.name] = of_evaluation(standing.outputs[""].content)
    return found
