"""Which of Keras' callbacks a run can use, and what each needs to do anything at all."""

from __future__ import annotations

from ..catalogue import catalogue

# These would write outside of the run, or do what the run does itself.
REFUSED = {
    "CSVLogger": "The run keeps every batch's values itself.",
    "ModelCheckpoint": "The run keeps its own checkpoints, the best one among them.",
    "RemoteMonitor": "A run sends nothing over the network.",
    "TensorBoard": "The run keeps its own values, and the notebook draws them.",
}

MONITORING = frozenset({"EarlyStopping", "ReduceLROnPlateau"})


def usable_callbacks() -> tuple[str, ...]:
    """The catalogue's callbacks that a run can use, those that people use most first."""
    usual = ("EarlyStopping", "ReduceLROnPlateau", "SwapEMAWeights", "TerminateOnNaN")
    known = [name for name, entry in catalogue().callbacks.items() if not entry.unbuildable and name not in REFUSED]
    return (*(name for name in usual if name in known), *(name for name in known if name not in usual))


def refusal(kind: str) -> str:
    """Why a run does not use this callback; "" where it does."""
    entry = catalogue().callbacks.get(kind)
    return REFUSED.get(kind, "") or (entry.unbuildable if entry else "")
