"""What each preparation step is called, what it does in a sentence, and its parameters as settings."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler.document import Preparation
from ..settings_form import Setting

_NUMBERS, _WORDS = ("number",), ("category",)


@dataclass(frozen=True, slots=True)
class StepWords:
    """`types` are the columns that it may be given; `contents` the data that it is offered for."""

    title: str
    what: str
    types: tuple[str, ...] = ()
    contents: tuple[str, ...] = ("table",)
    all_columns: str = "All numbers"


STEPS = {
    "impute": StepWords("Fill gaps", "Puts a value where one is missing", (*_NUMBERS, *_WORDS), all_columns="All"),
    "standardise": StepWords("Standardise", "Mean 0 and deviation 1", _NUMBERS, ("table", "pictures")),
    "min_max": StepWords("Min-max", "Least to 0, greatest to 1", _NUMBERS),
    "log": StepWords("Logarithm", "Draws long tails in", _NUMBERS),
    "one_hot": StepWords("One-hot", "A column for each class; features have it always", _WORDS, all_columns="All"),
    "bucketise": StepWords("Buckets", "Numbers cut into classes", _NUMBERS),
    "rescale": StepWords("Rescale", "Pixels from 0 to 1, columns to their range", _NUMBERS, ("table", "pictures")),
    "resize": StepWords("Resize", "All pictures to one size", (), ("pictures",)),
    "augment": StepWords("Augment", "Changes pictures by chance, in training only", (), ("pictures",)),
    "date_parts": StepWords(
        "Parts of dates", "Year, month, weekday and hour as numbers", ("time",), all_columns="All dates"
    ),
    "windows": StepWords("Windows", "A series cut into what was seen and what came next"),
    "drop_missing": StepWords("Leave out gaps", "Rows with a missing value", (*_NUMBERS, *_WORDS), all_columns="All"),
    "drop_duplicates": StepWords("Keep each row once", "Leaves equal rows out", (), ("table", "pictures")),
}

_STRATEGIES = (
    ("median", "Median"),
    ("mean", "Mean"),
    ("most_frequent", "Most frequent"),
    ("constant", "A constant"),
    ("own_class", "Own class"),
)
_FLIPS = (
    ("horizontal", "Left and right"),
    ("vertical", "Up and down"),
    ("horizontal_and_vertical", "Both"),
    ("none", "Never"),
)


def step_settings(step: Preparation, index: int) -> list[Setting]:
    """The parameters of a step as settings, named `step<index>-<parameter>`."""

    def name(parameter: str) -> str:
        return f"step{index}-{parameter}"

    params = step.params
    match step.step:
        case "impute":
            strategy = str(params.get("strategy", "median"))
            found = [Setting(name("strategy"), "With", "choice", strategy, choices=_STRATEGIES)]
            if strategy == "constant":
                found.append(Setting(name("value"), "Constant", "text", str(params.get("value", 0))))
            return found
        case "min_max":
            return [
                Setting(name("low"), "Least becomes", "float", params.get("low", 0)),
                Setting(name("high"), "Greatest becomes", "float", params.get("high", 1)),
            ]
        case "log":
            return [Setting(name("plus"), "Added before", "float", params.get("plus", 1))]
        case "bucketise":
            ways = (("quantile", "Equal counts"), ("uniform", "Equal widths"))
            codes = (("one_hot", "A column each"), ("ordinal", "A number"))
            return [
                Setting(name("bins"), "Buckets", "int", params.get("bins", 5), minimum=2, maximum=1000),
                Setting(name("strategy"), "Bounds", "choice", params.get("strategy", "quantile"), choices=ways),
                Setting(name("encode"), "Written as", "choice", params.get("encode", "one_hot"), choices=codes),
            ]
        case "resize":
            return [
                Setting(name(side), side.title(), "int", params.get(side, 64), minimum=1, maximum=4096)
                for side in ("height", "width")
            ]
        case "augment":
            return [
                Setting(name("flip"), "Flip", "choice", params.get("flip", "horizontal"), choices=_FLIPS),
                *(
                    Setting(name(each), label, "float", params.get(each, 0), minimum=0, maximum=most, hint=hint)
                    for each, label, most, hint in (
                        ("rotate", "Turn by up to", 0.5, "0.1 is a tenth of a full turn"),
                        ("shift", "Shift by up to", 1.0, "A share of the sides"),
                        ("zoom", "Zoom by up to", 0.9, "0.2 is a fifth"),
                    )
                ),
            ]
        case "date_parts":
            return [
                Setting(name(part), part.title(), "switch", params.get(part, True))
                for part in ("year", "month", "weekday", "hour")
            ]
        case "windows":
            return [
                Setting(name("window"), "Steps seen", "int", params.get("window", 24), minimum=1),
                Setting(name("horizon"), "Steps to follow", "int", params.get("horizon", 1), minimum=1),
            ]
    return []
