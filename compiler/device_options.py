"""What a training cell may say of devices and backends, and why some of what Keras knows is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ONE, MIRRORED, MULTI_WORKER, TPU, MODEL_PARALLEL = "one", "mirrored", "multi-worker", "tpu", "model-parallel"
STRATEGIES = {
    ONE: "One device",
    MIRRORED: "All devices of this machine",
    MULTI_WORKER: "Several machines",
    TPU: "A TPU",
    MODEL_PARALLEL: "One network over several devices",
}
TENSORFLOW, JAX = "tensorflow", "jax"
BACKENDS = {TENSORFLOW: "TensorFlow", JAX: "JAX"}

# Known to TensorFlow or Keras, and not to be had; the reason is what the user is told.
REFUSED = {
    "parameter-server": "Keras cannot train with a parameter server: its fit takes no data from a coordinator, and "
    "steps of workers that overtake each other are lost.",
    "central-storage": "Central storage trains on several devices, but the loss and metrics that Keras reports with it "
    "are wrong.",
    "keras-distribution": "On TensorFlow, keras.distribution does nothing: the network would train on one device, "
    "without a word. It works by JAX.",
}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a run computes. `replicas` is the number of devices that train together on each machine, 0 for all there
    are; `machines` that of machines."""

    strategy: str = ONE
    replicas: int = 0
    backend: str = TENSORFLOW
    machines: int = 1

    def to_json(self) -> dict[str, Any]:
        """What is not as without any choice."""
        plain = Placement()
        return {
            name: getattr(self, name)
            for name in ("strategy", "replicas", "backend", "machines")
            if getattr(self, name) != getattr(plain, name)
        }


def read_placement(*options: Mapping[str, Any]) -> Placement:
    """The placement that options ask for, later ones before earlier ones; what cannot be meant counts as not given."""
    given: dict[str, Any] = {}
    for each in options:
        given |= {name: each[name] for name in ("strategy", "replicas", "backend", "machines") if name in each}
    strategy, backend = given.get("strategy"), given.get("backend")
    known = strategy if strategy in STRATEGIES else ONE
    return Placement(
        known,
        _count(given.get("replicas"), 0) if known != ONE else 0,
        backend if backend in BACKENDS else TENSORFLOW,
        max(1, _count(given.get("machines"), 1)),
    )


def _count(value: Any, otherwise: int) -> int:
    sound = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if sound else otherwise
