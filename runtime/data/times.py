"""Dates and times as seconds, so that rows can be put in order."""

from __future__ import annotations

import re

import numpy as np

from .columns import Column

_DAY_FIRST = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|(1[3-9]|2\d|3[01])/\d{1,2}/\d{2,4}")


def day_first(column: Column) -> bool:
    """Whether the dates of the column have the day before the month."""
    known = getattr(column, "day_first", None)
    return any(_DAY_FIRST.match(str(text)) for text in column.values) if known is None else known


def seconds(column: Column, dayfirst: bool | None = None) -> np.ndarray:
    """float64 seconds since 1970 of a column of dates, or the numbers themselves of a column of numbers (a year, a
    counter); NaN where there is none or none can be read.

    1.2.2024 has the day first; 1/2/2024 the month, unless another row of the column shows that it cannot be one; or
    as the caller knows. A time that says how far it is from UTC counts by UTC.
    """
    if column.values.dtype.kind == "f":
        return np.where(np.isfinite(column.values), column.values, np.nan)
    import pandas as pd

    texts = pd.Series(column.texts(), dtype=object)
    leading = day_first(column) if dayfirst is None else dayfirst
    found = pd.to_datetime(texts, errors="coerce", format="mixed", dayfirst=leading, utc=True)
    values = found.to_numpy("datetime64[ns]")
    return np.where(np.isnat(values), np.nan, values.astype("int64") / 1e9)
