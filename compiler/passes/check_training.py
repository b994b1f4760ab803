"""Holds a training cell against its network and its data."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import SetField
from ..document import NetworkCell, Notebook, TrainingCell
from ..nesting.paths import outermost
from ..problems import Fix, Location, Problem
from ..program import Program
from ..specs import DataDescription
from ..training_choices import plan_training
from .check_callbacks import check_callbacks, check_monitors
from .check_choices import check_choices
from .check_devices import check_devices
from .check_fields import check_fields
from .check_losses import check_losses
from .check_optimizer import check_optimizer
from .check_options import check_options, check_rates
from .check_row_weights import check_row_weights
from .check_settings import check_settings


def check_training(
    notebook: Notebook, cell: TrainingCell, program: Program | None, data: DataDescription | None
) -> list[Problem]:
    """What would keep this training from starting, or from learning what is meant.

    Without a Program (its network has errors) or data (they cannot be read) only the settings are checked."""
    network = next((other for other in notebook.networks() if other.name == cell.network), None)
    problems = [
        *check_choices(cell),
        *check_settings(cell, program, data, network),
        *check_optimizer(cell),
        *check_options(cell),
        *check_devices(cell),
        *check_callbacks(cell),
    ]
    if network is not None:
        problems += _stale_entries(cell, network)
    if network is not None and program is not None:
        problems += check_rates(cell, network, program)
    if network is None or program is None or data is None or not data.fields:
        return problems
    plan, open_questions = plan_training(notebook, cell, program, data)
    return [
        *problems,
        *open_questions,
        *check_fields(network, cell, program, plan, data),
        *check_losses(network, cell, program, plan, data),
        *check_row_weights(cell, program, plan, data),
        *check_monitors(cell, program, plan, data),
    ]


def _stale_entries(cell: TrainingCell, network: NetworkCell) -> Iterator[Problem]:
    """Settings kept for Inputs, Outputs and layers that are no longer there."""
    stale = [
        (field, key)
        for field, kind in (("inputs", "Input"), ("targets", "Output"), ("losses", "Output"), ("metrics", "Output"))
        for key in getattr(cell, field)
        if key not in network.nodes or network.nodes[key].kind != kind
    ]
    outputs = {node for node, drawn in network.nodes.items() if drawn.kind == "Output"}
    options = {
        name: [key for key in given if outermost(key) not in there]
        for name, there in (("loss_weights", outputs), ("rate_factors", network.nodes))
        if isinstance(given := cell.options.get(name), dict)
    }
    lost = [name for name, keys in options.items() if keys]
    if not stale and not lost:
        return
    forget = [SetField(cell=cell.id, field=field, key=key, value=None) for field, key in stale]
    for name in lost:
        left = {key: value for key, value in cell.options[name].items() if key not in options[name]}
        forget.append(SetField(cell=cell.id, field="options", key=name, value=left or None))
    what = ", ".join([*dict.fromkeys(field for field, _ in stale), *(name.replace("_", " ") for name in lost)])
    yield Problem(
        "T417",
        f"{cell.name} has {what} for nodes that {network.name} does not have.",
        Location(cell.name, parameter=stale[0][0] if stale else f"options.{lost[0]}"),
        severity="warning",
        fixes=(Fix("Forget them", tuple(forget)),),
    )
