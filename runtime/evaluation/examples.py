"""One row as people can look at it: its picture, or its values by column."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.picture import is_picture, png
from .output import OutputResult, number

_VALUES = 60


def show_row(result: OutputResult, place: int) -> dict[str, Any]:
    """{image} or {values}: what the network was given, before preparation. `place` counts the rows evaluated."""
    values: dict[str, Any] = {}
    for planned in result.dataset.plan.values():
        if planned.field.role != "feature":
            continue
        for piece in planned.pieces:
            raw = result.raw[piece.raw][place]
            if piece.content in ("image", "array") and is_picture(piece.shape):
                return {"image": png(raw if raw.dtype == np.uint8 else _stretched(raw))}
            if piece.content == "category":
                values[piece.raw] = str(raw)
            elif piece.content == "numbers" and raw.ndim == 1:
                values |= {column: number(v) for column, v in zip(piece.columns, raw, strict=True)}
            else:
                values[piece.raw] = [number(value) for value in np.asarray(raw).reshape(-1)[:_VALUES]]
    return {"values": dict(list(values.items())[:_VALUES])}


def _stretched(pixels: np.ndarray) -> np.ndarray:
    least, most = float(np.nanmin(pixels)), float(np.nanmax(pixels))
    return (pixels - least) / (most - least) if most > least else np.zeros_like(pixels)
