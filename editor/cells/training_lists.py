"""The groups of a training's settings that hold lists: losses and metrics of each Output, callbacks, layers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...compiler.catalogue import catalogue
from ...compiler.document import Choice, NetworkCell, TrainingCell
from ...compiler.labels import layer_names
from ...compiler.passes.run_callbacks import usable_callbacks
from ...compiler.specs import NodeShapes
from ...compiler.training_choices import TrainingPlan
from ...compiler.training_options import read_options
from ..grouped_form import Block, Group
from ..settings_form import Setting
from .object_settings import object_settings
from .training_groups import spaced

AUTOMATIC = "automatic"
# Layers in one form; in larger networks single ones are frozen in the network itself.
_MOST_LAYERS = 60


def losses_group(cell: TrainingCell, outputs: Mapping[str, str], plan: TrainingPlan | None) -> Group:
    """`outputs` are the labels of the Outputs by id; `plan` what holds now, None until network and data are known."""
    blocks: list[Block] = []
    words: list[str] = []
    weights = read_options(cell.options).loss_weights
    for node, label in outputs.items():
        loss = cell.losses.get(node) or (plan.losses.get(node) if plan else None)
        metrics = metrics_of(cell, node, plan)
        blocks.append(
            Block(_loss(cell, node, label, loss, weights, several=len(outputs) > 1), _of("Loss", label, outputs))
        )
        for number, metric in enumerate(metrics):
            entry = catalogue().metrics.get(metric.kind)
            prefix = f"metric:{node}:{number}"
            key = f"{prefix}:{metric.kind}:{len(metrics)}"
            settings = object_settings(entry, metric.params, prefix, key=key) if entry else []
            if node not in cell.metrics:
                # Chosen automatically, its name too.
                settings = [replace(setting, changed=False) for setting in settings]
            title = _of(spaced(metric.kind).capitalize(), label, outputs)
            blocks.append(Block(settings, title, remove=prefix))
        blocks.append(Block([_add(f"add-metric:{node}", "Metric", _metrics(), len(metrics))]))
        words += [spaced(loss.kind)] if loss else []
        words += [str(metric.params.get("name") or spaced(metric.kind)) for metric in metrics]
    own = bool(cell.losses or cell.metrics or weights)
    return Group("losses", "Losses and metrics", blocks, ", ".join(dict.fromkeys(words)), own)


def metrics_of(cell: TrainingCell, node: str, plan: TrainingPlan | None) -> tuple[Choice, ...]:
    """The metrics of an Output: the cell's own, or those chosen for it."""
    if node in cell.metrics:
        return cell.metrics[node]
    return plan.metrics.get(node, ()) if plan else ()


def _of(title: str, label: str, outputs: Mapping[str, str]) -> str:
    return title if len(outputs) == 1 else f"{title} of {label}"


def _loss(
    cell: TrainingCell, node: str, label: str, loss: Choice | None, weights: Mapping[str, float], *, several: bool
) -> list[Setting]:
    chosen = cell.losses.get(node)
    found = loss.kind if loss and chosen is None else ""
    known = [name for name, entry in catalogue().losses.items() if not entry.unbuildable]
    choices = [(AUTOMATIC, f"Automatic: {spaced(found)}" if found else "Automatic")]
    choices += [(name, spaced(name).capitalize()) for name in known]
    value = chosen.kind if chosen else AUTOMATIC
    if value not in dict(choices):
        choices.append((value, value))
    title = "Loss" if not several else f"Loss of {label}"
    settings = [
        Setting(f"loss:{node}", title, "choice", value, choices=choices, wide=True, changed=chosen is not None),
        Setting(
            f"loss-weight:{node}",
            "Weight in the sum",
            "float",
            weights.get(node, 1.0),
            minimum=0,
            maximum=1e9,
            changed=weights.get(node, 1.0) != 1,
            tip="How much this loss counts in the loss that is minimized.",
        ),
    ]
    entry = catalogue().losses.get(loss.kind) if loss else None
    if entry is not None and loss is not None:
        settings += object_settings(entry, loss.params, f"loss:{node}", leaving_out=("name", "dtype"))
    return settings


def callbacks_group(cell: TrainingCell) -> Group:
    blocks: list[Block] = []
    for number, callback in enumerate(cell.callbacks):
        entry = catalogue().callbacks.get(callback.kind)
        prefix = f"callback:{number}"
        key = f"{prefix}:{callback.kind}:{len(cell.callbacks)}"
        settings = object_settings(entry, callback.params, prefix, leaving_out=("verbose",), key=key) if entry else []
        hint = entry.help if entry else ""
        blocks.append(Block(settings, callback.kind, remove=prefix, hint=hint))
    blocks.append(Block([_add("add-callback", "Callback", usable_callbacks(), len(cell.callbacks), plain=True)]))
    words = ", ".join(callback.kind for callback in cell.callbacks)
    return Group("callbacks", "Callbacks", blocks, words or "none", bool(words))


def layers_group(cell: TrainingCell, network: NetworkCell | None, shapes: Mapping[str, NodeShapes]) -> Group:
    """A switch and a factor for each layer that has weights."""
    factors = read_options(cell.options).rate_factors
    names = layer_names(network) if network else {}
    nodes = network.nodes if network else {}
    weighted = [id_ for id_ in nodes if (found := shapes.get(id_)) and found.parameters and nodes[id_].shares is None]
    frozen = [id_ for id_ in weighted if nodes[id_].params.get("trainable") is False]
    blocks = [
        Block(
            [
                Setting(
                    f"learns:{id_}",
                    "Learns",
                    "switch",
                    id_ not in frozen,
                    changed=id_ in frozen,
                    tip=f"Whether training changes the weights of {names[id_]}.",
                ),
                Setting(
                    f"rate:{id_}",
                    "Factor on the rate",
                    "float",
                    factors.get(id_, 1.0),
                    minimum=0,
                    maximum=1e6,
                    changed=factors.get(id_, 1.0) != 1,
                    tip="Below 1 the layer learns slower than the rest, above 1 faster; 0 freezes it.",
                ),
            ],
            names[id_],
        )
        for id_ in weighted[:_MOST_LAYERS]
    ]
    if len(weighted) > _MOST_LAYERS:
        more = len(weighted) - _MOST_LAYERS
        blocks.append(Block(hint=f"{more} more layers: switch trainable off in the inspector of the network."))
    if not weighted:
        blocks.append(Block(hint="Layers with weights appear here once the network is complete."))
    told = [f"{len(frozen)} frozen" if frozen else ""]
    own = [id_ for id_ in weighted if factors.get(id_, 1.0) != 1]
    told.append(f"{len(own)} at a rate of {'its' if len(own) == 1 else 'their'} own" if own else "")
    return Group("layers", "Per layer", blocks, ", ".join(filter(None, told)) or "all layers learn alike", any(told))


def _metrics() -> list[str]:
    """What can be measured of an Output: not the sums of bare values, which know no target."""
    return [
        name for name, entry in catalogue().metrics.items() if not entry.unbuildable and name not in ("Mean", "Sum")
    ]


def _add(name: str, what: str, known: Sequence[str], number: int, *, plain: bool = False) -> Setting:
    """A choice that adds; it is another one as soon as something was added, so that it offers to add again."""
    choices: list[tuple[str, str]] = [("", f"Add a {what.lower()}…")]
    choices += [(kind, kind if plain else spaced(kind).capitalize()) for kind in known]
    return Setting(name, f"Another {what.lower()}", "choice", "", choices=choices, wide=True, key=f"{name}:{number}")


def added(kind: str, registry: str, classes: int = 0) -> dict[str, Any]:
    """A fresh metric or callback: the arguments that it must have, at what is suggested for them."""
    entry: Any = getattr(catalogue(), registry)[kind]
    params: dict[str, Any] = {}
    for name, parameter in entry.parameters.items():
        value = parameter.suggested
        if value is None and parameter.choices:
            value = parameter.choices[0]
        if name == "num_classes" and classes:
            value = classes
        if parameter.required and value is not None:
            params[name] = value
    if kind == "EarlyStopping":
        params |= {"patience": 3, "restore_best_weights": True}
    return {"kind": kind, "params": params}
