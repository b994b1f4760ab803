"""The folded group of a training's devices: strategy, how many, and what that means for a batch. Pure."""

from __future__ import annotations

from ...compiler.device_options import MIRRORED, ONE, STRATEGIES, read_placement
from ...compiler.document import TrainingCell
from ..grouped_form import Block, Group
from ..settings_form import Setting

# The others are chosen by the command line, on machines that have them.
_OFFERED = (ONE, MIRRORED)


def devices_group(cell: TrainingCell) -> Group:
    """Where a run of this cell computes."""
    placement = read_placement(cell.options)
    choices = [(name, words) for name, words in STRATEGIES.items() if name in (*_OFFERED, placement.strategy)]
    settings = [
        Setting(
            "strategy", "Train on", "choice", placement.strategy, choices=choices, changed=placement.strategy != ONE
        )
    ]
    if placement.strategy == MIRRORED:
        settings.append(
            Setting(
                "replicas",
                "Devices",
                "int",
                placement.replicas or None,
                minimum=1,
                maximum=64,
                optional=True,
                placeholder="all",
                changed=bool(placement.replicas),
                tip="All GPUs of the machine where nothing is said; without any, the CPU in two parts.",
            )
        )
    words = STRATEGIES[placement.strategy].lower()
    if placement.replicas:
        words += f", {placement.replicas} of them"
    return Group("devices", "Devices", [Block(settings, hint=_hint(cell))], words, placement.strategy != ONE)


def _hint(cell: TrainingCell) -> str:
    placement = read_placement(cell.options)
    if placement.strategy == ONE:
        return ""
    if placement.replicas < 2:
        share = f"The devices share each batch of {cell.batch_size} rows"
    else:
        least, more = divmod(cell.batch_size, placement.replicas)
        rows = f"{least} or {least + 1}" if more else f"{least}"
        share = f"Each of {placement.replicas} devices takes {rows} of the {cell.batch_size} rows of a batch"
    return (
        f"{share}, and together they learn what one device would: the learning rate stays. "
        "Batch normalization takes its statistics over all devices."
    )
