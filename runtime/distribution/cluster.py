"""The machines that train together, by their addresses, as TensorFlow wants them told. Needs no TensorFlow."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from ..run_state import RunRefused


class BadWorkers(RunRefused):
    """Addresses of workers that cannot be meant; the message says why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """`workers` are host:port, the first of them the chief, who alone writes the run. `index` is this machine's."""

    workers: tuple[str, ...]
    index: int

    @property
    def is_chief(self) -> bool:
        return self.index == 0

    def address(self, index: int) -> tuple[str, int]:
        host, _, port = self.workers[index].rpartition(":")
        return host, int(port)

    def name(self, index: int) -> str:
        """`worker 1 (host:port)`."""
        return f"worker {index} ({self.workers[index]})"

    def tell_tensorflow(self) -> None:
        """Must be done before TensorFlow makes its strategy."""
        task = {"type": "worker", "index": self.index}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": list(self.workers)}, "task": task})


def read_cluster(workers: str, index: int | None) -> Cluster:
    """`host:port,host:port` and the place of this machine in it, from 0. Raises BadWorkers."""
    addresses = tuple(address.strip() for address in workers.split(","))
    for address in addresses:
        host, colon, port = address.rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65536):
            raise BadWorkers(f"{address or 'An empty entry'} is no address of a worker; each is host:port.")
    if len(addresses) < 2:
        raise BadWorkers("Several machines are at least two: --workers host:port,host:port")
    if len(set(addresses)) < len(addresses):
        raise BadWorkers("Two workers have the same address.")
    if index is None or not 0 <= index < len(addresses):
        raise BadWorkers(f"--index says which of the {len(addresses)} workers this is, from 0 to {len(addresses) - 1}.")
    return Cluster(addresses, index)
