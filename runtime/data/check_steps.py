"""Preparation steps that do not exist, do not fit their columns, or have parameters that they cannot have."""

from __future__ import annotations

from typing import Any

from ...compiler.document import DataCell, Preparation
from ...compiler.problems import Fix, Problem
from .fields import RawField
from .preparation_steps import (
    CATEGORY_STRATEGIES,
    NUMBER_STRATEGIES,
    ONE_WAY_STEPS,
    ROW_STEPS,
    STEP_CONTENTS,
    LogOfNegative,
    imputes,
)
from .source import UnusableData, closest, problem, set_field

_LARGEST_SIDE = 4096
# (least, greatest, whole) of each parameter that is a number.
_RANGES: dict[tuple[str, str], tuple[float, float, bool]] = {
    ("bucketise", "bins"): (2, 1000, True),
    ("resize", "height"): (1, _LARGEST_SIDE, True),
    ("resize", "width"): (1, _LARGEST_SIDE, True),
    ("augment", "rotate"): (0, 0.5, False),
    ("augment", "shift"): (0, 1, False),
    ("augment", "zoom"): (0, 0.9, False),
}
_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("bucketise", "strategy"): ("quantile", "uniform"),
    ("bucketise", "encode"): ("one_hot", "ordinal"),
    ("augment", "flip"): ("none", "horizontal", "vertical", "horizontal_and_vertical"),
    ("impute", "strategy"): tuple(dict.fromkeys((*NUMBER_STRATEGIES, *CATEGORY_STRATEGIES))),
}
_NUMBERS = {"rescale": ("scale", "offset"), "min_max": ("low", "high"), "log": ("plus",)}


def check_steps(cell: DataCell, fields: tuple[RawField, ...], columns: tuple[str, ...]) -> None:
    """Raises UnusableData where a step does not exist, or names columns that it cannot prepare."""
    problems = []
    contents = {field.name: field.content for field in fields}
    targets = {name for field in fields if field.role == "target" for name in (field.name, *field.columns)}
    for field in fields:
        contents.update(dict.fromkeys(field.columns, field.content))
    for index, step in enumerate(cell.preparation):
        where = f"preparation.{index}"
        without = steps_fix(cell, "Remove the step", [s for i, s in enumerate(cell.preparation) if i != index])
        fits = STEP_CONTENTS.get(step.step)
        if fits is None:
            meant = closest(step.step, STEP_CONTENTS)
            help = f"Did you mean ‘{meant}’?" if meant else f"Steps are {', '.join(STEP_CONTENTS)}."
            message = f"There is no preparation step ‘{step.step}’"
            problems.append(problem(cell, "D524", message, parameter=where, help=help, fixes=(without,)))
            continue
        for name in step.columns:
            if name not in contents and name not in columns:
                meant = closest(name, [*contents, *columns])
                help = f"Did you mean ‘{meant}’?" if meant else f"Columns are {', '.join([*contents][:12])}."
                message = f"Step {step.step} names a column ‘{name}’ that the data do not have"
                problems.append(problem(cell, "D509", message, parameter=where, help=help, fixes=(without,)))
            elif name in contents and contents[name] not in fits and step.step not in ROW_STEPS:
                message = f"Step {step.step} cannot prepare ‘{name}’, which holds {_plain(contents[name])}"
                problems.append(problem(cell, "D524", message, parameter=where, fixes=(without,)))
            elif name in targets and step.step in ONE_WAY_STEPS:
                message = (
                    f"Step {step.step} cannot prepare the target ‘{name}’: predictions would not come back from it"
                )
                problems.append(problem(cell, "D524", message, parameter=where, fixes=(without,)))
            elif name in contents and step.step == "impute" and not imputes(step, contents[name]):
                strategy = step.params.get("strategy", "median")
                message = f"Step impute cannot fill ‘{name}’, which holds {_plain(contents[name])}, by {strategy!r}"
                problems.append(problem(cell, "D526", message, parameter=where, fixes=(without,)))
        problems += _check_params(cell, step, where, without)
    if problems:
        raise UnusableData(problems)


def log_problem(cell: DataCell, fault: LogOfNegative) -> Problem:
    """What to say of a logarithm that does not exist."""
    index, step = next((i, s) for i, s in enumerate(cell.preparation) if s.step == "log")
    steps = list(cell.preparation)
    enough = 1.0 - fault.lowest
    raised = [*steps[:index], step.model_copy(update={"params": {**step.params, "plus": enough}}), *steps[index + 1 :]]
    return problem(
        cell,
        "D524",
        f"Step log cannot take ‘{fault.column}’, whose lowest value is {fault.lowest:g}",
        parameter=f"preparation.{index}",
        help="Logarithms exist above zero only.",
        fixes=(
            steps_fix(cell, f"Add {enough:g} before", raised),
            steps_fix(cell, "Remove the step", [*steps[:index], *steps[index + 1 :]]),
        ),
    )


def steps_fix(cell: DataCell, title: str, steps: list[Preparation]) -> Fix:
    return set_field(cell, title, "preparation", [step.model_dump(mode="json") for step in steps])


def _check_params(cell: DataCell, step: Preparation, where: str, without: Fix) -> list[Problem]:
    wrong = []
    for (name, parameter), allowed in _CHOICES.items():
        if name == step.step and parameter in step.params and step.params[parameter] not in allowed:
            what = "fills with" if name == "impute" else f"takes for {parameter}"
            wrong.append(f"Step {name} {what} {', '.join(allowed)}, not {step.params[parameter]!r}")
    for (name, parameter), (least, most, whole) in _RANGES.items():
        if name == step.step and not _is_number(step.params.get(parameter, least), least, most, whole):
            kind = "a whole number" if whole else "a number"
            value = step.params[parameter]
            wrong.append(f"The {parameter} of step {name} must be {kind} from {least:g} to {most:g}, not {value!r}")
    for name in _NUMBERS.get(step.step, ()):
        if not _is_number(step.params.get(name, 0.0)):
            wrong.append(f"The {name} of step {step.step} must be a number, not {step.params[name]!r}")
    value = step.params.get("value", 0.0)
    if step.step == "impute" and not _is_number(value) and not isinstance(value, str):
        wrong.append(f"The value of step impute must be a number or a word, not {value!r}")
    return [problem(cell, "D526", message, parameter=where, fixes=(without,)) for message in wrong]


def _is_number(value: Any, least: float = -1e38, most: float = 1e38, whole: bool = False) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return False
    return least <= value <= most


def _plain(content: str) -> str:
    return {"category": "categories", "image": "pictures", "array": "arrays", "series": "a series"}.get(
        content, content
    )
