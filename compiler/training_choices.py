"""Fills in what a training cell leaves open: data for each Input and Output, losses, metrics."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from .changes import SetField
from .document import Choice, Notebook, TrainingCell
from .nesting.rates import factors_of_layers
from .passes.chains import last_activation, steps_of_program
from .passes.choose_fields import (
    Assignment,
    Boundary,
    choose_inputs,
    choose_inputs_as_targets,
    choose_targets,
)
from .passes.choose_loss import choose_loss, choose_metrics
from .passes.data_of_outputs import output_shape, target_field
from .problems import Fix, Location, Problem
from .program import Program
from .specs import DataDescription
from .training_options import PLAIN, read_options


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """A training with nothing left open. Inputs go by Input id, the rest by Output id; a target may be an Input id.

    `automatic` names the entries that were chosen here and not by the user: `losses.output_7k2m`, …
    `class_weight` goes by the class's name or is "balanced"; `sample_weight` is the data field that weights rows, ""
    for none; `rate_factors` go by node id; `precision` and `xla` may be "fastest", which a trial decides."""

    network: str
    data: str
    inputs: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    losses: dict[str, Choice] = field(default_factory=dict)
    metrics: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    optimizer: Choice = field(default_factory=lambda: Choice(kind="Adam"))
    callbacks: tuple[Choice, ...] = ()
    batch_size: int = 32
    epochs: int = 10
    seed: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    loss_weights: dict[str, float] = field(default_factory=dict)
    class_weight: dict[str, float] | str | None = None
    sample_weight: str = ""
    weighted_metrics: bool = False
    rate_factors: dict[str, float] = field(default_factory=dict)
    precision: str = PLAIN
    xla: bool | str = False
    automatic: tuple[str, ...] = ()


def plan_training(
    notebook: Notebook, cell: TrainingCell, program: Program, data: DataDescription
) -> tuple[TrainingPlan, list[Problem]]:
    """The plan, and a problem for each field that is missing or could be several. Entries without a field
    have no loss and no metrics either."""
    inputs = [Boundary(given.node, given.name, given.shape) for given in program.inputs]
    outputs = [Boundary(given.node, given.name, output_shape(program, given.node)) for given in program.outputs]
    problems: list[Problem] = []

    features = _given(cell.inputs, inputs, set(data.fields))
    open_inputs = [given for given in inputs if given.node not in cell.inputs]
    found = choose_inputs(open_inputs, features.values(), data)
    problems += _misnamed(cell, "inputs", inputs, data.fields, ())
    problems += _open(cell, "inputs", open_inputs, found)
    features |= found.chosen

    may_be_targets = set(data.fields) | {given.node for given in inputs}
    targets = _given(cell.targets, outputs, may_be_targets)
    open_outputs = [given for given in outputs if given.node not in cell.targets]
    found_targets = choose_targets(open_outputs, targets.values(), data)
    targetless = [given for given in open_outputs if found_targets.candidates.get(given.node) == ()]
    given_back = choose_inputs_as_targets(targetless, inputs)
    problems += _misnamed(cell, "targets", outputs, data.fields, {given.node for given in inputs})
    still_open = [given for given in open_outputs if given.node not in given_back]
    problems += _open(cell, "targets", still_open, found_targets, inputs)
    targets |= found_targets.chosen | given_back

    automatic = [f"inputs.{node}" for node in found.chosen]
    automatic += [f"targets.{node}" for node in (*found_targets.chosen, *given_back)]
    known_outputs = {given.node for given in outputs}
    losses = {node: choice for node, choice in cell.losses.items() if node in known_outputs}
    metrics = {node: choices for node, choices in cell.metrics.items() if node in known_outputs}
    steps = steps_of_program(program)
    for given in program.outputs:
        target = target_field(targets.get(given.node, ""), features, data)
        if target is None:
            continue
        if given.node not in losses:
            activation = last_activation(given.value.node, steps)
            losses[given.node] = choose_loss(target, output_shape(program, given.node), activation)
            automatic.append(f"losses.{given.node}")
        if given.node not in metrics:
            metrics[given.node] = choose_metrics(target, losses[given.node])
            automatic.append(f"metrics.{given.node}")
    options = read_options(cell.options)
    weighting = [given.name for given in data.fields.values() if given.role == "weight"]
    plan = TrainingPlan(
        network=cell.network,
        data=cell.data,
        inputs={given.node: features[given.node] for given in inputs if given.node in features},
        targets={given.node: targets[given.node] for given in outputs if given.node in targets},
        losses=losses,
        metrics=metrics,
        optimizer=cell.optimizer,
        callbacks=cell.callbacks,
        batch_size=cell.batch_size,
        epochs=cell.epochs,
        seed=cell.seed,
        options=dict(cell.options),
        loss_weights={node: weight for node, weight in options.loss_weights.items() if node in known_outputs},
        class_weight=options.class_weight,
        sample_weight=weighting[0] if weighting and options.sample_weight else "",
        weighted_metrics=options.weighted_metrics,
        rate_factors=factors_of_layers(options.rate_factors, program.layers),
        precision=options.precision,
        xla=options.xla,
        automatic=tuple(automatic),
    )
    return plan, problems


def _given(entries: Mapping[str, str], boundaries: list[Boundary], known: set[str]) -> dict[str, str]:
    """The user's own entries, without those for nodes or of fields that are not there."""
    nodes = {boundary.node for boundary in boundaries}
    return {node: name for node, name in entries.items() if node in nodes and name in known}


def _misnamed(
    cell: TrainingCell, part: str, boundaries: list[Boundary], fields: Collection[str], others: Collection[str]
) -> list[Problem]:
    """Entries that name a field which the data do not have, and none of the `others` that may stand there."""
    names = {boundary.node: boundary.name for boundary in boundaries}
    problems = []
    for node, field_name in getattr(cell, part).items():
        if node not in names or field_name in fields or field_name in others:
            continue
        fixes = [
            Fix(f"Use {close}", (SetField(cell=cell.id, field=part, key=node, value=close),))
            for close in get_close_matches(field_name, fields, n=1)
        ]
        fixes.append(Fix("Choose it automatically", (SetField(cell=cell.id, field=part, key=node, value=None),)))
        problems.append(
            Problem(
                "T405",
                f"{cell.name} gives {names[node]} the data field {field_name}, which {cell.data} does not have.",
                Location(cell.name, node=node, parameter=part),
                help=f"{cell.data} offers {', '.join(fields)}.",
                fixes=tuple(fixes),
            )
        )
    return problems


def _open(
    cell: TrainingCell,
    part: str,
    boundaries: list[Boundary],
    found: Assignment,
    inputs: list[Boundary] | None = None,
) -> list[Problem]:
    """Inputs and Outputs for which no field, or more than one, could be meant."""
    problems = []
    for boundary in boundaries:
        if boundary.node in found.chosen:
            continue
        candidates = found.candidates.get(boundary.node, ())
        word = "feature" if part == "inputs" else "target"
        at = Location(cell.name, node=boundary.node, parameter=part)
        if candidates:
            message = f"{boundary.name} could get any of {len(candidates)} data fields: {', '.join(candidates[:4])}."
            if len(candidates) == 1:
                message = f"{candidates[0]} may be meant for {boundary.name} or for another node."
            offered = [(f"Use {name}", name) for name in candidates[:4]]
            code = "T406"
        else:
            message = f"{cell.data} has no {word} for {boundary.name}."
            offered = [(f"Learn to give back {given.name}", given.node) for given in inputs or ()]
            code = "T407"
        fixes = tuple(
            Fix(title, (SetField(cell=cell.id, field=part, key=boundary.node, value=value),))
            for title, value in offered
        )
        help = "" if candidates else f"Mark a column of {cell.data} as {word}."
        problems.append(Problem(code, message, at, help=help, fixes=fixes))
    return problems
