"""The networks of keras.applications in the palette: one node each.

The network itself comes into the notebook when the first node for it is placed; there it is entered, frozen and cut
like any other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..compiler.catalogue import catalogue
from ..compiler.catalogue_types import Kind, Port
from ..compiler.changes import AddCell, AddNode
from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook
from ..compiler.nesting.network_kinds import GROUP
from ..compiler.nesting.references import network_kind, network_name
from ..runtime.host import Host, TaskFailed
from ..runtime.importers.applications import TASK

if TYPE_CHECKING:
    from .open_notebook import OpenNotebook

_log = logging.getLogger(__name__)

FAMILY = "Backbones"
_TIME_LIMIT_S = 120


def backbone_kinds(taken: Iterable[str]) -> dict[str, Kind]:
    """Kinds for the networks of keras.applications, without those whose name a network of the notebook has."""
    there = set(taken)
    return {
        network_kind(name): Kind(
            network_kind(name),
            GROUP,
            FAMILY,
            keras="",
            help=f"{name} without its classifier: pictures in, features out. It becomes a network of this notebook.",
            inputs=(Port("image"),),
            outputs=(Port("features"),),
        )
        for name in catalogue().applications
        if name not in there
    }


def missing(notebook: Notebook, changes: Iterable[Any]) -> list[str]:
    """The networks of keras.applications that nodes were placed for and the notebook does not have yet."""
    there = {cell.name for cell in notebook.cells}
    wanted = [network_name(change.node.kind) for change in changes if isinstance(change, AddNode)]
    return [name for name in dict.fromkeys(wanted) if name and name not in there and name in catalogue().applications]


def bring(opened: OpenNotebook, host: Host | None, tab: str, name: str) -> threading.Thread:
    """Adds the network of that name and those inside it at the end of the notebook, in a thread that is given back."""

    def work() -> None:
        if host is None or not host.wait_ready(_TIME_LIMIT_S):
            return
        try:
            taken = [cell.name for cell in opened.notebook.cells]
            answer = host.call(TASK, {"name": name, "taken": taken}, timeout=_TIME_LIMIT_S)
        except TaskFailed as error:
            # The node's own problem says on the page that there is no such network.
            _log.warning("%s could not be made: %s", name, error)
            return
        cells = read_notebook(answer["text"])[0].cells
        opened.perform(tab, None, f"Bring {name}", tuple(AddCell(cell=cell) for cell in cells))

    thread = threading.Thread(target=work, name=f"backbone {name}", daemon=True)
    thread.start()
    return thread
