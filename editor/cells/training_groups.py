"""The folded groups of a training's settings: optimizer, schedule, weights of rows, precision. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...compiler.catalogue import catalogue
from ...compiler.document import TrainingCell
from ...compiler.specs import DataDescription
from ...compiler.training_options import BALANCED, FASTEST, PLAIN, PRECISIONS, read_options
from ..grouped_form import Block, Group
from ..settings_form import Setting, number_text
from .object_settings import label_of, object_settings

GRADIENTS = ("clipnorm", "clipvalue", "global_clipnorm", "gradient_accumulation_steps", "loss_scale_factor")
AVERAGE = ("use_ema", "ema_momentum", "ema_overwrite_frequency")
_CONSTANT = "constant"
_PRECISION_WORDS = {
    PLAIN: "float32",
    "mixed_bfloat16": "Mixed, bfloat16",
    "mixed_float16": "Mixed, float16",
    FASTEST: "Fastest, by a trial",
}
# More than that many fields are no form any more; the file takes any number.
_MOST_CLASSES = 50


def spaced(name: str) -> str:
    """SparseTopKCategoricalAccuracy → sparse top k categorical accuracy."""
    if name.isupper():
        return name
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name.replace("IoU", "Iou")).lower()


def optimizer_group(cell: TrainingCell) -> Group:
    entry, params = catalogue().optimizers.get(cell.optimizer.kind), cell.optimizer.params
    if entry is None:
        return Group("optimizer", "Optimizer", [Block(hint="The problem above says which optimizers there are.")])
    elsewhere = ("learning_rate", *GRADIENTS, *AVERAGE)
    blocks = [
        Block(object_settings(entry, params, "optimizer", leaving_out=elsewhere), f"Arguments of {entry.name}"),
        Block(object_settings(entry, params, "optimizer", only=GRADIENTS), "Gradients"),
        Block(object_settings(entry, params, "optimizer", only=AVERAGE), "Average of the weights"),
    ]
    group = Group("optimizer", "Optimizer", [block for block in blocks if block.settings])
    changed = [f"{label_of(_last(s)).lower()} {_value(s.value)}" for s in group.settings() if s.changed]
    words = ", ".join(changed) or f"{entry.name} as Keras has it"
    return Group(group.name, group.title, group.blocks, words, bool(changed))


def schedule_group(cell: TrainingCell, steps: int | None) -> Group:
    """`steps` are the run's planned ones, None while they are unknown."""
    rate = cell.optimizer.params.get("learning_rate")
    schedule: Mapping[str, Any] = rate if isinstance(rate, dict) else {}
    kind = str(schedule.get("kind", "")) or _CONSTANT
    choices = [(_CONSTANT, "Constant"), *((name, spaced(name).capitalize()) for name in schedules())]
    if kind not in dict(choices):
        choices.append((kind, kind))
    chosen = Setting("schedule", "Schedule", "choice", kind, choices=choices, changed=kind != _CONSTANT, wide=True)
    entry = catalogue().schedules.get(kind)
    hint = f"The run is planned for {steps:,} steps, one for each batch." if steps and entry else ""
    params = schedule.get("params")
    arguments = object_settings(entry, params if isinstance(params, dict) else {}, "schedule") if entry else []
    words = spaced(kind) if kind != _CONSTANT else "the learning rate stays as it is"
    return Group("schedule", "Schedule", [Block([chosen, *arguments], hint=hint)], words, kind != _CONSTANT)


def schedules() -> list[str]:
    return [name for name, entry in catalogue().schedules.items() if not entry.unbuildable]


def fresh_schedule(kind: str, rate: float, steps: int) -> dict[str, Any] | None:
    """A schedule that begins at `rate` and takes about the planned steps; None for a constant rate."""
    entry = catalogue().schedules.get(kind)
    if entry is None:
        return None
    thirds = [max(1, steps // 3), max(2, 2 * steps // 3)]
    usual: dict[str, Any] = {
        "initial_learning_rate": float(rate),
        "decay_steps": max(1, steps if kind in ("CosineDecay", "PolynomialDecay") else steps // 10),
        "first_decay_steps": max(1, steps // 7),
        "decay_rate": 0.9,
        "boundaries": thirds,
        "values": [float(rate), float(rate) / 10, float(rate) / 100],
    }
    return {"kind": kind, "params": {n: usual[n] for n, known in entry.parameters.items() if known.required}}


def row_weights_group(cell: TrainingCell, classes: tuple[str, ...], data: DataDescription | None) -> Group:
    """`classes` are those whose rows can be weighted."""
    options = read_options(cell.options)
    columns = [field.name for field in data.fields.values() if field.role == "weight"] if data else []
    given = options.class_weight
    way = BALANCED if given == BALANCED else "each" if given is not None else "alike"
    settings = []
    if columns:
        settings.append(
            Setting(
                "sample_weight",
                f"Weights of {columns[0]}",
                "switch",
                options.sample_weight,
                changed=not options.sample_weight,
                tip="A column of the role weight says how much each row counts in the loss.",
            )
        )
    if classes or given is not None:
        choices = [("alike", "All alike"), (BALANCED, "Balanced"), ("each", "One by one")]
        tip = "Balanced: rare classes count more, so that every class counts alike in all."
        changed = given is not None
        settings.append(
            Setting("class_weight", "Classes count", "choice", way, choices=choices, changed=changed, tip=tip)
        )
    if columns or given is not None:
        tip = "Metrics count rows by their weights too, instead of all alike."
        weighted = options.weighted_metrics
        settings.append(Setting("weighted_metrics", "Metrics by weight", "switch", weighted, changed=weighted, tip=tip))
    blocks = [Block(settings)] if settings else []
    if isinstance(given, dict):
        each = [
            Setting(
                f"class:{name}",
                name,
                "float",
                given.get(name, 1.0),
                minimum=0,
                maximum=1e9,
                changed=given.get(name, 1.0) != 1,
            )
            for name in classes[:_MOST_CLASSES]
        ]
        blocks.append(Block(each, "Weight of each class"))
    if not settings:
        blocks.append(Block(hint="Give a column of the data the role weight, or learn classes, to weight rows."))
    words = {"alike": "every row counts alike", BALANCED: "classes balanced", "each": "by class"}[way]
    if columns and options.sample_weight:
        words = f"by {columns[0]}" if way == "alike" else f"by {columns[0]} and {words}"
    return Group("weights", "Weights of rows and classes", blocks, words, any(s.changed for s in settings))


def precision_group(cell: TrainingCell, found: str) -> Group:
    """`found` tells what the last run's trial measured, or "" ."""
    options = read_options(cell.options)
    xla = {False: "off", True: "on"}.get(options.xla, FASTEST) if isinstance(options.xla, bool) else FASTEST  # type: ignore[call-overload]
    settings = [
        Setting(
            "precision",
            "Precision",
            "choice",
            options.precision,
            choices=[(name, _PRECISION_WORDS[name]) for name in (*PRECISIONS, FASTEST)],
            changed=options.precision != PLAIN,
            tip="Mixed precision computes in 16 bits and keeps the weights in 32. It pays on GPUs, seldom on a CPU.",
        ),
        Setting(
            "xla",
            "Compile by XLA",
            "choice",
            xla,
            choices=[("off", "Off"), ("on", "On"), (FASTEST, "Fastest, by a trial")],
            changed=xla != "off",
            tip="Compiling takes seconds or minutes before the first step, and makes the others quicker or not.",
        ),
    ]
    settings.append(
        Setting(
            "threads",
            "Threads of an operation",
            "int",
            options.threads,
            minimum=1,
            optional=True,
            placeholder="by its size",
            changed=options.threads is not None,
            tip="On a CPU. Left alone, a small network takes one and a large one all processors; the number decides "
            "the last bits of the weights.",
        )
    )
    asks = FASTEST in (options.precision, options.xla)
    hint = "Before the first step a run measures each way for a moment; the outcome is kept." if asks else ""
    words = "fastest, by a trial" if asks else f"{_PRECISION_WORDS[options.precision].lower()}, XLA {xla}"
    if options.threads is not None:
        words += f", {options.threads} thread{'s' * (options.threads != 1)}"
    return Group(
        "speed", "Precision and speed", [Block(settings, hint=found or hint)], words, any(s.changed for s in settings)
    )


def budget_group(cell: TrainingCell) -> Group:
    """What a run may take at most, beside its epochs."""
    given_seconds, given_steps = (cell.options.get(f"budget_{name}") for name in ("seconds", "steps"))
    # A file may say anything; the run itself refuses what is no number.
    seconds = given_seconds if isinstance(given_seconds, int | float) else None
    steps = given_steps if isinstance(given_steps, int) else None
    at_most: dict[str, Any] = {"minimum": 1, "optional": True, "placeholder": "no limit"}
    settings = [
        Setting("budget_seconds", "Seconds", "float", seconds, changed=seconds is not None, **at_most),
        Setting("budget_steps", "Steps", "int", steps, changed=steps is not None, **at_most),
    ]
    given = [] if seconds is None else [f"{number_text(seconds)} s"]
    given += [] if steps is None else [f"{steps:,} steps"]
    hint = "A run ends where the first of them is used up; its last epoch is validated where it stands."
    return Group("budget", "Budget", [Block(settings, hint=hint)], " or ".join(given) or "its epochs", bool(given))


def _last(setting: Setting) -> str:
    return setting.name.rpartition(".")[2]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return number_text(value) if isinstance(value, int | float) else str(value)
