"""Checkpoints: all that a run needs to go on as if nothing had happened, in a folder that is whole or not there.

Every variable of model, optimizer and metrics, the states of seeds, the position in the data, and what callbacks
remember. Kept are the last two, the best, and those that hold a file named `pinned`.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from .atomic_file import sync_folder, write_json_atomically

_KEPT = 2


class NotFinite(Exception):
    """A weight is infinite or no number; such a state is not kept. The message names the variable."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come: completed steps in all, completed epochs, completed steps of the present epoch."""

    step: int = 0
    epoch: int = 0
    step_in_epoch: int = 0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    position: Position
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    name: str = ""
    # What was set by hand and no variable holds: [of, parameter, value].
    settings: list[list[Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of a run at a position, before it is a checkpoint: path and type of each variable, and its value."""

    position: Position
    variables: list[list[str]]
    arrays: list[np.ndarray]
    callbacks: list[dict[str, Any]]
    settings: list[list[Any]]

    @property
    def bytes(self) -> int:
        return sum(array.nbytes for array in self.arrays)

    def copied(self) -> Moment:
        """The same, to be kept while the variables go on: their values may lie in the same memory."""
        return replace(self, arrays=[array.copy() for array in self.arrays])


def take(
    model: keras.Model,
    position: Position,
    callbacks: list[dict[str, Any]],
    *,
    settings: list[list[Any]] | None = None,
) -> Moment:
    """The present state of a model. Raises NotFinite."""
    variables = variables_to_read(model)
    named = [[variable.path, variable.dtype] for variable in variables]
    return Moment(position, named, [_stored(variable) for variable in variables], callbacks, settings or [])


def variables_to_read(model: keras.Model) -> list[keras.Variable]:
    """`all_variables`, to be read at once, each exactly once: on several machines all read them together, since a
    metric's state is a sum over machines."""
    if (begin := getattr(model, "before_reading", None)) is not None:
        begin()
    return all_variables(model)


def set_value(variable: keras.Variable, value: Any) -> None:
    """Gives a variable a value of its own type. Unlike `assign` it reads nothing afterwards: that would wait for the
    other machines."""
    if keras.backend.backend() == "tensorflow":
        held: Any = variable._value
        held.assign(value, read_value=False)
    else:
        variable.assign(value)


def all_variables(model: keras.Model) -> list[keras.Variable]:
    """Every variable that a step reads or writes, each once, always in the same order."""
    variables = [*model.variables, *model.optimizer.variables]
    for metric in model.metrics:
        variables += metric.variables
    shared_seed = _shared_seed_state()
    if shared_seed is not None:
        variables.append(shared_seed)
    return list({id(variable): variable for variable in variables}.values())


def _shared_seed_state() -> keras.Variable | None:
    """The seed state of random operations that were given no generator of their own, once there is one."""
    from keras.src.backend.common import global_state

    generator = global_state.get_global_attribute("global_seed_generator")
    return generator.state if generator is not None else None


class Checkpoints:
    """The checkpoints folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.last_seconds = 0.0
        folder.mkdir(exist_ok=True)
        # A kill between two renames: the one that was to be replaced counts.
        for old in folder.glob(".*.old"):
            target = folder / old.name[1:].removesuffix(".old")
            shutil.rmtree(old, ignore_errors=True) if target.exists() else old.rename(target)

    def save(
        self,
        model: keras.Model,
        position: Position,
        callbacks: list[dict[str, Any]],
        *,
        settings: list[list[Any]] | None = None,
        pinned: bool = False,
    ) -> Path:
        """Writes a checkpoint of the present state. Raises NotFinite, OSError; nothing is left behind then."""
        return self.write(take(model, position, callbacks, settings=settings), pinned=pinned)

    def has(self, position: Position) -> bool:
        """Whether there is a checkpoint of that step."""
        return (self.folder / _name(position)).exists()

    def write(self, moment: Moment, *, pinned: bool = False) -> Path:
        """Writes a checkpoint. Raises OSError; nothing is left behind then."""
        began = time.monotonic()
        target = self.folder / _name(moment.position)
        temporary = self.folder / f".{target.name}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        try:
            with open(temporary / "variables.npz", "wb") as file:
                np.savez(file, **{str(number): array for number, array in enumerate(moment.arrays)})  # pyright: ignore
                file.flush()
                os.fsync(file.fileno())
            write_json_atomically(
                temporary / "state.json",
                {
                    "position": asdict(moment.position),
                    "callbacks": moment.callbacks,
                    "settings": moment.settings,
                    "variables": moment.variables,
                },
            )
            if pinned or (target / "pinned").exists():
                (temporary / "pinned").touch()
            old = self.folder / f".{target.name}.old"
            if target.exists():
                os.rename(target, old)
            os.rename(temporary, target)
            shutil.rmtree(old, ignore_errors=True)
        except OSError:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        sync_folder(self.folder)
        self._prune()
        self.last_seconds = time.monotonic() - began
        return target

    def mark_best(self, position: Position, value: float) -> None:
        """Keeps the checkpoint at `position` as the best so far."""
        write_json_atomically(self.folder / "best.json", {"name": _name(position), "value": value})

    def best(self) -> tuple[str, float] | None:
        """Name and value of the best checkpoint."""
        try:
            best = json.loads((self.folder / "best.json").read_text())
            return str(best["name"]), float(best["value"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def latest(self) -> Checkpoint | None:
        """The newest checkpoint that can be read."""
        for path in reversed(self._all()):
            if (checkpoint := self.named(path.name)) is not None:
                return checkpoint
        return None

    def named(self, name: str) -> Checkpoint | None:
        """The checkpoint of that name, if it can be read."""
        path = self.folder / name
        try:
            state = json.loads((path / "state.json").read_text())
            with np.load(path / "variables.npz", allow_pickle=False) as stored:
                if len(stored.files) == len(state["variables"]):
                    position = Position(**state["position"])
                    return Checkpoint(position, state["callbacks"], path.name, state.get("settings", []))
        except (OSError, ValueError, KeyError, TypeError, BadZipFile):
            pass
        return None

    def restore(self, model: keras.Model, checkpoint: Checkpoint) -> None:
        """Gives every variable its value back. Raises ValueError where the checkpoint is of another network."""
        path = self.folder / checkpoint.name
        names = json.loads((path / "state.json").read_text())["variables"]
        variables = all_variables(model)
        if len(names) != len(variables):
            raise ValueError(
                f"The checkpoint has {len(names)} variables, the network {len(variables)}: it is of another network."
            )
        with np.load(path / "variables.npz", allow_pickle=False) as stored:
            for number, variable in enumerate(variables):
                value = stored[str(number)]
                if tuple(value.shape) != tuple(variable.shape):
                    raise ValueError(f"The checkpoint's {variable.path} has shape {value.shape}: another network.")
                set_value(variable, stored_value(value, variable.dtype))

    def _all(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("."))

    def _prune(self) -> None:
        best = self.best()
        for path in self._all()[:-_KEPT]:
            if (best is None or path.name != best[0]) and not (path / "pinned").exists():
                shutil.rmtree(path, ignore_errors=True)


def _name(position: Position) -> str:
    return f"step-{position.step:010d}"


def stored_value(value: np.ndarray, dtype: str) -> np.ndarray:
    """A value out of a checkpoint in its own type; bfloat16 and its like stand there as the integers of their bits."""
    return value if value.dtype == dtype else value.view(np.dtype(dtype))


def _stored(variable: keras.Variable) -> np.ndarray:
    """The value as npz can hold it. Raises NotFinite."""
    value = np.asarray(variable.numpy())
    # bfloat16 and its like are no types of numpy's own; their bits are kept as integers.
    foreign = value.dtype.isbuiltin != 1
    numbers = value.astype(np.float32) if foreign else value
    if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
        raise NotFinite(variable.path)
    return value.view(f"u{value.dtype.itemsize}") if foreign else value
