"""Threads settled before TensorFlow runs anything in this process: reading a notebook's data does already, and it takes
them only once."""

from __future__ import annotations

from collections.abc import Sequence

from ..compiler.document import Notebook, TrainingCell
from .thread_choice import threads_fact


def settle_threads_ahead(notebook: Notebook, cells: Sequence[TrainingCell]) -> None:
    """Takes the threads that runs of these cells are to have, where they are the same for all and not those that
    TensorFlow takes by itself."""
    networks = {network.name: network for network in notebook.networks()}
    wanted = {threads_fact(cell, networks.get(cell.network), {}).get("threads") for cell in cells}
    if len(wanted) == 1 and (threads := wanted.pop()) is not None:
        from .machine import take_threads

        take_threads(threads)
