"""The form of a training cell: what matters first, and groups for everything else that Keras lets one set. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ...compiler.catalogue import catalogue
from ...compiler.device_options import read_placement
from ...compiler.document import NetworkCell, TrainingCell
from ...compiler.labels import layer_names
from ...compiler.memory_estimate import MemoryEstimate, estimate_memory
from ...compiler.passes.check_row_weights import classes_of
from ...compiler.program import Program
from ...compiler.specs import DataDescription
from ...compiler.training_choices import TrainingPlan, plan_training
from ...runtime.distribution.here import Machine, this_machine
from ..grouped_form import Form
from ..open_notebook import OpenNotebook
from ..settings_form import Setting
from .device_words import parts_of_weights
from .devices_group import devices_group
from .training_groups import budget_group, optimizer_group, precision_group, row_weights_group, schedule_group, spaced
from .training_lists import callbacks_group, layers_group, losses_group

# A person chooses from these first; the others follow in the order of the alphabet.
USUAL_OPTIMIZERS = ("Adam", "AdamW", "SGD", "RMSprop")
NO_OPTIMIZER = {"Optimizer", "OptimizerMap", "MultiOptimizer", "LossScaleOptimizer"}
PATIENCE = 3


def training_form(
    opened: OpenNotebook,
    cell: TrainingCell,
    program: Program | None,
    trial: str = "",
    machine: Machine | None = None,
) -> Form:
    """The whole form. `program` is the network's, None until it is known; `trial` tells what the last run measured of
    precision and XLA; `machine` is the one that the server runs on."""
    notebook, findings = opened.notebook, opened.findings
    names = {kind: [each.name for each in notebook.cells if each.kind == kind] for kind in ("network", "data")}
    network = network_of(opened, cell)
    plan, data = plan_of(opened, cell, program), findings.data.get(cell.data)
    classes = known_classes(plan, program, data)
    first = [
        Setting("network", "Network", "choice", cell.network, choices=_references(names["network"], cell.network)),
        Setting("data", "Data", "choice", cell.data, choices=_references(names["data"], cell.data)),
        Setting("optimizer", "Optimizer", "choice", cell.optimizer.kind, choices=_optimizers(cell.optimizer.kind)),
        _learning_rate(cell),
        Setting("batch_size", "Batch size", "int", cell.batch_size, minimum=1, maximum=1_000_000),
        Setting("epochs", "Epochs", "int", cell.epochs, minimum=1, maximum=1_000_000),
        Setting("seed", "Seed", "int", cell.seed, minimum=0, maximum=2**31 - 1),
        Setting(
            "patience",
            "Stop early after",
            "int",
            _early_stopping(cell),
            minimum=1,
            optional=True,
            placeholder="off",
            hint="Epochs without a better validation loss",
        ),
    ]
    return Form(
        first,
        (
            optimizer_group(cell),
            schedule_group(cell, planned_steps(opened, cell)),
            losses_group(cell, outputs_of(network), plan),
            row_weights_group(cell, classes, data),
            callbacks_group(cell),
            budget_group(cell),
            precision_group(cell, trial),
            devices_group(cell, machine, memory_of(opened, cell, machine or this_machine())),
            layers_group(cell, network, findings.shapes.get(cell.network, {})),
        ),
    )


def learning_rate(cell: TrainingCell) -> float | None:
    """The learning rate that holds: the cell's own, or the optimizer's default. None for a schedule."""
    own = cell.optimizer.params.get("learning_rate")
    if own is not None:
        return own if isinstance(own, int | float) else None
    return default_rate(cell)


def default_rate(cell: TrainingCell) -> float | None:
    """The optimizer's own learning rate."""
    entry = catalogue().optimizers.get(cell.optimizer.kind)
    parameter = entry.parameters.get("learning_rate") if entry else None
    return parameter.default if parameter and isinstance(parameter.default, int | float) else None


def planned_steps(opened: OpenNotebook, cell: TrainingCell) -> int | None:
    """The batches of the whole run; None until the data are known."""
    data = opened.findings.data.get(cell.data)
    if data is None or not data.rows or cell.batch_size < 1:
        return None
    return -(-data.rows // cell.batch_size) * max(cell.epochs, 1)


def known_classes(plan: TrainingPlan | None, program: Program | None, data: DataDescription | None) -> tuple[str, ...]:
    """The classes whose rows can be weighted, as far as they are known: without a network by the only target."""
    if plan is not None and program is not None and data is not None:
        return classes_of(program, plan, data)
    targets = [field for field in data.fields.values() if field.role == "target"] if data else []
    return targets[0].classes if len(targets) == 1 else ()


def memory_of(opened: OpenNotebook, cell: TrainingCell, machine: Machine) -> MemoryEstimate | None:
    """What a run takes on each device; None until the network is understood."""
    shapes = opened.findings.shapes.get(cell.network)
    parts = parts_of_weights(read_placement(cell.options), machine)
    return estimate_memory(shapes.values(), cell.optimizer, parts) if shapes else None


def plan_of(opened: OpenNotebook, cell: TrainingCell, program: Program | None) -> TrainingPlan | None:
    """The training with every choice made; None until network and data are understood."""
    data = opened.findings.data.get(cell.data)
    if program is None or data is None:
        return None
    return plan_training(opened.notebook, cell, program, data)[0]


def network_of(opened: OpenNotebook, cell: TrainingCell) -> NetworkCell | None:
    return next((each for each in opened.notebook.networks() if each.name == cell.network), None)


def outputs_of(network: NetworkCell | None) -> Mapping[str, str]:
    """The labels of a network's Outputs by id."""
    if network is None:
        return {}
    names = layer_names(network)
    return {id_: node.label or names[id_] for id_, node in network.nodes.items() if node.kind == "Output"}


def _learning_rate(cell: TrainingCell) -> Setting:
    own = cell.optimizer.params.get("learning_rate")
    schedule = spaced(str(own.get("kind", ""))) if isinstance(own, dict) else ""
    return Setting(
        "learning_rate",
        "Learning rate",
        "float",
        learning_rate(cell),
        above=0,
        maximum=1000,
        placeholder=schedule,
        changed=isinstance(own, int | float) and own != default_rate(cell),
        tip=f"Follows a schedule ({schedule}); a number here takes its place." if schedule else "",
        optional=bool(schedule),
    )


def _early_stopping(cell: TrainingCell) -> int | None:
    chosen = next((choice for choice in cell.callbacks if choice.kind == "EarlyStopping"), None)
    if chosen is None:
        return None
    patience = chosen.params.get("patience", PATIENCE)
    return patience if isinstance(patience, int) and patience > 0 else PATIENCE


def _optimizers(present: str) -> list[tuple[str, str]]:
    known = [
        name for name, entry in catalogue().optimizers.items() if name not in NO_OPTIMIZER and not entry.unbuildable
    ]
    ordered = [*(name for name in USUAL_OPTIMIZERS if name in known), *(n for n in known if n not in USUAL_OPTIMIZERS)]
    if present not in ordered:
        ordered.insert(0, present)
    return [(name, name) for name in ordered]


def _references(names: list[str], present: str) -> list[tuple[str, str]]:
    choices = [(name, name) for name in names]
    if present not in names:
        choices.insert(0, (present, f"{present} (missing)" if present else "Choose one"))
    return choices
