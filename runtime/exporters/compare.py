"""Compares what an artefact predicts in a fresh process with what the model predicts here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import reload
from .refused import ExportRefused

_TIME_LIMIT_S = 600  # a hang, not a slow machine: importing TensorFlow and loading take some seconds


@dataclass(frozen=True)
class Compared:
    """The largest absolute difference over all outputs, and the largest absolute value that was expected."""

    difference: float
    largest: float = 0.0


def compared_in_fresh_process(
    form: str,
    artefact: Path,
    samples: dict[str, np.ndarray],
    expected: dict[str, np.ndarray],
    beside: Path | None = None,
) -> Compared:
    """Raises ExportRefused where the artefact does not load.

    `samples` and `expected` go by input and output name, "" for a single one. `beside` is what the artefact needs: the
    weights of a script, the script of weights, the layers of a model.
    """
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder, "samples.npz"), Path(folder, "outputs.npz")
        np.savez(inputs, **{f"arr_{name}": _plain(value) for name, value in samples.items()})  # pyright: ignore[reportArgumentType]
        command = [sys.executable, reload.__file__, form, str(artefact), str(inputs), str(outputs)]
        # Isolated from the folder it runs in: the artefact must need nothing that lies beside it.
        finished = subprocess.run(
            [*command, *([str(beside)] if beside else [])],
            cwd=folder,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"},
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_S,
            check=False,
        )
        if finished.returncode:
            lines = [line for line in finished.stderr.splitlines() if line.strip()]
            raise ExportRefused(f"{artefact.name} was written but does not load again: {lines[-1] if lines else '?'}")
        with np.load(outputs, allow_pickle=False) as archive:
            got = {name.removeprefix("arr_"): value for name, value in archive.items()}
    if set(got) != set(expected):
        raise ExportRefused(f"{artefact.name} gives the outputs {sorted(got)}, not {sorted(expected)}.")
    return Compared(
        max((_difference(got[name], expected[name]) for name in expected), default=0.0),
        max((_largest(value) for value in expected.values()), default=0.0),
    )


def _largest(value: np.ndarray) -> float:
    finite = np.abs(value[np.isfinite(value)]) if np.issubdtype(value.dtype, np.number) else np.zeros(0)
    return float(finite.max()) if finite.size else 0.0


def _plain(value: np.ndarray) -> np.ndarray:
    """Words as fixed-width text: an archive of objects would need pickle."""
    return value.astype(str) if value.dtype == object else value


def _difference(got: np.ndarray, expected: np.ndarray) -> float:
    if got.shape != expected.shape:
        raise ExportRefused(f"The artefact gives the shape {got.shape}, not {expected.shape}.")
    apart = np.abs(got.astype(np.float64) - expected.astype(np.float64))
    # Equal infinities and matching NaN are no difference.
    apart[(got == expected) | (np.isnan(got) & np.isnan(expected))] = 0.0
    return float(apart.max()) if apart.size else 0.0


def by_name(outputs: Any) -> dict[str, np.ndarray]:
    """A model's outputs by name, "" for a single one."""
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    return {name: np.asarray(value) for name, value in named.items()}
