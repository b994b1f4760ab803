"""Reads the arguments that stand behind a kind in the palette: `64 3 relu`, `0.3`, `28x28x1`, `padding=same`. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from ..compiler.catalogue_types import Catalogue, Kind, Parameter

_INTEGERS = frozenset({"int", "sizes", "axis", "ints", "shape"})
_LISTS = frozenset({"sizes", "ints", "shape"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_SIZES = re.compile(r"[(\[]?(\d+|\?|none)(([x×,])(\d+|\?|none))+[)\]]?", re.IGNORECASE)


def parse_arguments(kind: Kind, words: list[str], catalogue: Catalogue) -> tuple[dict[str, Any], int]:
    """The parameters that the words give, and how many words fit nowhere."""
    params: dict[str, Any] = {}
    left_over = 0
    for word in words:
        name, equals, text = word.partition("=")
        if equals and name in kind.parameters:
            params[name] = _value(text)
            continue
        taken = _take(word, kind, params, catalogue)
        if taken:
            params[taken[0]] = taken[1]
        else:
            left_over += 1
    return params, left_over


def _take(word: str, kind: Kind, params: dict[str, Any], catalogue: Catalogue) -> tuple[str, Any] | None:
    open_ = [parameter for name, parameter in kind.parameters.items() if name not in params]
    # What must be given comes first; among the rest Keras' own order says what matters.
    open_.sort(key=lambda parameter: not parameter.required)
    if _SIZES.fullmatch(word):
        sizes = [int(part) if part.isdigit() else None for part in re.findall(r"\d+|\?|none", word.lower())]
        return next(((parameter.name, sizes) for parameter in open_ if parameter.type in _LISTS), None)
    if _NUMBER.fullmatch(word):
        return _take_number(float(word), kind, open_, params)
    return _take_word(word, open_, catalogue)


def _take_number(number: float, kind: Kind, open_: list[Parameter], params: dict[str, Any]) -> tuple[str, Any] | None:
    whole = number.is_integer()
    for name in params:
        # `Input 28 28 1`: a shape goes on for as long as numbers do.
        if kind.parameters[name].type == "shape" and whole:
            return name, [*params[name], int(number)]
    for parameter in open_:
        if not _in_range(number, parameter):
            continue
        if parameter.type == "float":
            return parameter.name, number
        if whole and parameter.type in _INTEGERS:
            value = int(number)
            return parameter.name, [value] if parameter.type in ("shape", "ints") else value
    return None


def _in_range(number: float, parameter: Parameter) -> bool:
    low, high = parameter.minimum, parameter.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def _take_word(word: str, open_: list[Parameter], catalogue: Catalogue) -> tuple[str, Any] | None:
    lower = word.lower()
    for parameter in open_:
        choices = {str(choice).lower(): choice for choice in parameter.choices}
        if lower in choices:
            return parameter.name, choices[lower]
        if parameter.type == "activation" and lower in {name.lower() for name in catalogue.activations}:
            return parameter.name, lower
        if parameter.type == "bool" and lower == parameter.name:
            return parameter.name, True
        if parameter.type == "dtype" and re.fullmatch(r"(u?int|b?float)\d+|bool", lower):
            return parameter.name, lower
    return None


def _value(text: str) -> Any:
    if _SIZES.fullmatch(text):
        return [int(part) if part.isdigit() else None for part in re.findall(r"\d+|\?|none", text.lower())]
    try:
        return json.loads(text.replace("True", "true").replace("False", "false").replace("None", "null"))
    except json.JSONDecodeError:
        return text
