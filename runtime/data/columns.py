"""A column of raw data, and what its values are taken for: numbers, categories or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# What people write where a value is absent. Compared in lower case.
MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "."})
# A column with more distinct words than this, most of them used once, holds names or prose.
_MANY_CLASSES = 50
# Whole numbers with at most this many distinct values are taken for classes where they are the target.
_FEW_NUMBERS = 20
# From this share of numbers on, a column with some words is a mistake in the file rather than a category.
_MOSTLY_NUMBERS = 0.5
# The words of a column that answers yes or no.
_YES_NO = frozenset({"yes", "no", "true", "false", "y", "n", "t", "f", "on", "off", "1", "0", "1.0", "0.0"})
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{1,2}(-\d{1,2}([T ]\d{1,2}:\d{2}.*)?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


@dataclass(frozen=True, eq=False)
class Column:
    """Values of one name, a row each.

    `type` is number (float64, NaN where missing), category (int32 codes into `classes`, -1 where missing), text or time
    (strings), image (uint8: height, width, channels) or array (anything else, with axes of its own).
    `not_numbers` are the rows of a number column whose text is no number, or of a column that was declared whole or yes
    or no and holds something else.
    """

    name: str
    values: np.ndarray
    type: str
    classes: tuple[str, ...] = ()
    not_numbers: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    def missing_rows(self) -> np.ndarray:
        """Row numbers without a value; infinite numbers count as missing, no network can learn from them."""
        if self.type == "category":
            return np.flatnonzero(self.values < 0)
        if self.values.dtype.kind == "f":
            finite = np.isfinite(self.values)
            return np.flatnonzero(~finite.reshape(len(finite), -1).all(axis=1))
        return np.zeros(0, dtype=np.int64)

    def take(self, rows: np.ndarray) -> Column:
        return Column(self.name, self.values[rows], self.type, self.classes)

    def words(self) -> np.ndarray:
        """A category's values as strings, "" where missing."""
        return np.array([*self.classes, ""], dtype=object)[self.values]

    def texts(self) -> list[str]:
        """The values as a person would write them, "" where missing."""
        if self.type == "category":
            return self.words().tolist()
        if self.type == "number":
            return [f"{value:.15g}" if np.isfinite(value) else "" for value in self.values.tolist()]
        return [str(value) for value in self.values]


def column_from_text(name: str, texts: Sequence[str], type: str = "") -> Column:
    """The column that these texts spell. `type` overrules what they look like: one of TYPES.

    A column of numbers with a few words in it is a number column with `not_numbers`, unless overruled.
    """
    stripped = [text.strip() for text in texts]
    missing = [is_missing(text) for text in stripped]
    if type == "category":
        return category(name, stripped, missing)
    if type == "yes_no":
        return _yes_no(category(name, stripped, missing))
    if type in ("text", "time"):
        return Column(name, np.array(stripped, dtype=object), type)
    numbers, not_numbers = _numbers(stripped, missing)
    present = len(stripped) - sum(missing)
    if type == "number":
        return Column(name, numbers, "number")
    if type == "whole":
        broken = np.flatnonzero(np.isfinite(numbers) & (numbers != np.floor(numbers)))
        return Column(name, numbers, "number", not_numbers={int(row): stripped[row] for row in broken})
    if present == 0:
        return Column(name, numbers, "number")
    if len(not_numbers) <= (1 - _MOSTLY_NUMBERS) * present:
        return Column(name, numbers, "number", not_numbers=not_numbers)
    words = [text for text, absent in zip(stripped, missing, strict=True) if not absent]
    if all(_DATE.fullmatch(word) for word in words):
        return Column(name, np.array(stripped, dtype=object), "time")
    distinct = len(set(words))
    if distinct > _MANY_CLASSES and distinct > len(words) / 10:
        return Column(name, np.array(stripped, dtype=object), "text")
    return category(name, stripped, missing)


def retyped(column: Column, type: str) -> Column:
    """The column taken for another of TYPES, from whatever source it came; pictures and arrays stay what they are."""
    if not type or column.type in ("image", "array") or type == column.type:
        return column
    if column.type == "number" and type == "category":
        return as_category(column)
    if column.type == "number" and type == "whole" and shown_type(column) == "whole":
        return column
    if column.type == "category" and type == "yes_no":
        return _yes_no(column)
    return column_from_text(column.name, column.texts(), type)


def shown_type(column: Column) -> str:
    """Which of TYPES the column is; image and array for those."""
    if column.type == "number":
        values = column.values[np.isfinite(column.values)]
        return "whole" if len(values) and bool(np.all(values == np.floor(values))) else "number"
    if column.type == "category" and 1 <= len(column.classes) <= 2:
        return "yes_no" if all(word.lower() in _YES_NO for word in column.classes) else "category"
    return column.type


def _yes_no(column: Column) -> Column:
    strange = [code for code, word in enumerate(column.classes) if word.lower() not in _YES_NO]
    rows = np.flatnonzero(np.isin(column.values, strange))
    found = {int(row): column.classes[column.values[row]] for row in rows[:1000]}
    return Column(column.name, column.values, "category", column.classes, found)


def category(name: str, texts: Sequence[str], missing: Sequence[bool] | None = None) -> Column:
    """A category column; classes stand in alphabetical order, numbers among them in the order of size."""
    missing = missing or [False] * len(texts)
    classes = sorted({text for text, absent in zip(texts, missing, strict=True) if not absent}, key=class_order)
    codes = {name: code for code, name in enumerate(classes)}
    values = [-1 if absent else codes[text] for text, absent in zip(texts, missing, strict=True)]
    return Column(name, np.array(values, dtype=np.int32), "category", tuple(classes))


def as_target(column: Column) -> Column:
    """The column as something to predict: a few whole numbers are classes, unless they were declared numbers."""
    if column.type != "number" or column.not_numbers or len(column.missing_rows()) == len(column.values):
        return column
    values = column.values
    present = values[np.isfinite(values)]
    distinct = np.unique(present)
    # Each class must come up a few times, else these are counts or sizes.
    if len(distinct) > _FEW_NUMBERS or len(present) < 5 * len(distinct) or np.any(distinct != np.floor(distinct)):
        return column
    return as_category(column)


def as_category(column: Column) -> Column:
    """A number column as classes, in the order of size."""
    values = column.values
    distinct = np.unique(values[np.isfinite(values)])
    codes = np.where(np.isfinite(values), np.searchsorted(distinct, np.nan_to_num(values)), -1)
    return Column(column.name, codes.astype(np.int32), "category", tuple(f"{value:.15g}" for value in distinct))


def _numbers(texts: Sequence[str], missing: Sequence[bool]) -> tuple[np.ndarray, dict[int, str]]:
    comma = any("," in text for text in texts) and all(
        absent or _DECIMAL_COMMA.fullmatch(text) for text, absent in zip(texts, missing, strict=True)
    )
    values = np.full(len(texts), np.nan)
    not_numbers: dict[int, str] = {}
    for row, (text, absent) in enumerate(zip(texts, missing, strict=True)):
        if absent:
            continue
        try:
            values[row] = float(text.replace(",", ".") if comma else text)
        except ValueError:
            not_numbers[row] = text
    return values, not_numbers


def is_missing(text: str) -> bool:
    """Whether people write this where a value is absent."""
    return text.lower() in MISSING_WORDS


def class_order(name: str) -> tuple[int, Any, str]:
    try:
        return (0, float(name), name)
    except ValueError:
        return (1, name.lower(), name)
