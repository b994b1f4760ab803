"""The settings of a training cell: what they are now, and the edits that change them. Pure."""

from __future__ import annotations

import re
from typing import Any

from ...compiler.catalogue import catalogue
from ...compiler.changes import SetField
from ...compiler.document import NetworkCell, TrainingCell
from ..open_notebook import OpenNotebook
from ..settings_form import Setting

# A person chooses from these first; the others follow in the order of the alphabet.
USUAL_OPTIMIZERS = ("Adam", "AdamW", "SGD", "RMSprop")
NO_OPTIMIZER = {"Optimizer", "OptimizerMap", "MultiOptimizer", "LossScaleOptimizer"}
PATIENCE = 3


def training_settings(opened: OpenNotebook, cell: TrainingCell) -> list[Setting]:
    """The form's settings in order; losses one for each Output of the network."""
    notebook = opened.notebook
    names = {kind: [each.name for each in notebook.cells if each.kind == kind] for kind in ("network", "data")}
    stopping = _early_stopping(cell)
    settings = [
        Setting("network", "Network", "choice", cell.network, choices=_references(names["network"], cell.network)),
        Setting("data", "Data", "choice", cell.data, choices=_references(names["data"], cell.data)),
        Setting("optimizer", "Optimizer", "choice", cell.optimizer.kind, choices=_optimizers(cell.optimizer.kind)),
        Setting(
            "learning_rate",
            "Learning rate",
            "float",
            learning_rate(cell),
            above=0,
            maximum=1000,
            placeholder=_schedule(cell),
        ),
        *_losses(opened, cell),
        Setting("batch_size", "Batch size", "int", cell.batch_size, minimum=1, maximum=1_000_000),
        Setting("epochs", "Epochs", "int", cell.epochs, minimum=1, maximum=1_000_000),
        Setting("seed", "Seed", "int", cell.seed, minimum=0, maximum=2**31 - 1),
        Setting(
            "patience",
            "Stop early after",
            "int",
            stopping,
            minimum=1,
            optional=True,
            placeholder="off",
            hint="Epochs without a better validation loss",
        ),
    ]
    return settings


def edits(cell: TrainingCell, name: str, value: Any) -> tuple[str, list[SetField]]:
    """The label of the gesture and its changes."""

    def set_(field: str, new: Any, key: str | None = None) -> list[SetField]:
        return [SetField(cell=cell.id, field=field, key=key, value=new)]

    if name == "optimizer":
        rate = cell.optimizer.params.get("learning_rate")
        params = {"learning_rate": rate} if isinstance(rate, int | float) else {}
        return f"Use {value}", set_("optimizer", {"kind": value, "params": params})
    if name == "learning_rate":
        params = {**cell.optimizer.params, "learning_rate": value}
        return "Set the learning rate", set_("optimizer", {"kind": cell.optimizer.kind, "params": params})
    if name.startswith("loss:"):
        output = name.removeprefix("loss:")
        chosen = {"kind": value, "params": {}} if value != "automatic" else None
        return "Choose the loss", set_("losses", chosen, output)
    if name == "patience":
        others = [choice.model_dump(mode="json") for choice in cell.callbacks if choice.kind != "EarlyStopping"]
        if value is None:
            return "Do not stop early", set_("callbacks", others)
        stopping = {"kind": "EarlyStopping", "params": {"patience": value, "restore_best_weights": True}}
        return "Stop early", set_("callbacks", [*others, stopping])
    return f"Set {name.replace('_', ' ')}", set_(name, value)


def learning_rate(cell: TrainingCell) -> float | None:
    """The learning rate that holds: the cell's own, or the optimizer's default. None for a schedule."""
    own = cell.optimizer.params.get("learning_rate")
    if own is not None:
        return own if isinstance(own, int | float) else None
    entry = catalogue().optimizers.get(cell.optimizer.kind)
    parameter = entry.parameters.get("learning_rate") if entry else None
    return parameter.default if parameter and isinstance(parameter.default, int | float) else None


def spaced(name: str) -> str:
    """SparseCategoricalCrossentropy → sparse categorical crossentropy."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() if not name.isupper() else name


def _schedule(cell: TrainingCell) -> str:
    own = cell.optimizer.params.get("learning_rate")
    return str(own.get("kind", "")) if isinstance(own, dict) else ""


def _losses(opened: OpenNotebook, cell: TrainingCell) -> list[Setting]:
    network = next((each for each in opened.notebook.networks() if each.name == cell.network), None)
    if not isinstance(network, NetworkCell):
        return []
    outputs = {id_: node.label or id_ for id_, node in network.nodes.items() if node.kind == "Output"}
    automatic = automatic_losses(opened, cell)
    known = [name for name, entry in catalogue().losses.items() if not entry.unbuildable and name != "Loss"]
    settings = []
    for output, label in outputs.items():
        found = automatic.get(output)
        choices = [
            ("automatic", f"Automatic: {spaced(found)}" if found else "Automatic"),
            *((name, spaced(name).capitalize()) for name in known),
        ]
        chosen = cell.losses.get(output)
        value = chosen.kind if chosen else "automatic"
        if value not in dict(choices):
            choices.append((value, value))
        title = "Loss" if len(outputs) == 1 else f"Loss of {label}"
        settings.append(Setting(f"loss:{output}", title, "choice", value, choices=choices, wide=True))
    return settings


def automatic_losses(opened: OpenNotebook, cell: TrainingCell) -> dict[str, str]:
    """What is chosen where nothing is said, by Output; empty until network and data are understood."""
    from ...compiler.training_choices import plan_training

    findings = opened.findings
    program, data = findings.programs.get(cell.network), findings.data.get(cell.data)
    if program is None or data is None:
        return {}
    plan, _ = plan_training(opened.notebook, cell.model_copy(update={"losses": {}}), program, data)
    return {output: choice.kind for output, choice in plan.losses.items()}


def _early_stopping(cell: TrainingCell) -> int | None:
    chosen = next((choice for choice in cell.callbacks if choice.kind == "EarlyStopping"), None)
    return None if chosen is None else int(chosen.params.get("patience", PATIENCE) or PATIENCE)


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
