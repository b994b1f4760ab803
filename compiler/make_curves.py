"""Writes what the inspector draws of activations: `python -m weftwork.compiler.make_curves`.

Apart from the catalogue, which is also made where no operation may run.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

PATH = Path(__file__).resolve().parents[1] / "assets" / "activation_curves.json"
REACH = 4.0
POINTS = 33
_HOUSEKEEPING = ("get", "serialize", "deserialize")


def curves() -> dict[str, list[float]]:
    """The values at `POINTS` places from -REACH to REACH of every activation that treats each number by itself."""
    found = {}
    for name, function in sorted(vars(keras.activations).items()):
        if inspect.isfunction(function) and not name.startswith("_") and name not in _HOUSEKEEPING:
            values = _values(function)
            if values is not None:
                found[name] = [round(float(value), 3) + 0.0 for value in values]
    return found


def _values(function: Any) -> np.ndarray | None:
    places = np.linspace(-REACH, REACH, POINTS, dtype="float32")
    in_pairs = np.stack([places, -places], axis=1)
    try:
        all_at_once = np.asarray(keras.ops.convert_to_numpy(function(places[None])))[0]
        beside_another = np.asarray(keras.ops.convert_to_numpy(function(in_pairs)))[:, 0]
    except Exception:
        return None  # it wants more axes, or an even number of values: it does not treat each number by itself
    same = all_at_once.shape == beside_another.shape and np.allclose(all_at_once, beside_another, atol=1e-4)
    return all_at_once if same else None


def main() -> None:
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(values)}" for name, values in curves().items())
    PATH.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
