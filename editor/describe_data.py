"""Finds out in the background what the data cells offer: fields, shapes, rows. One description for each setting."""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..compiler.document import DataCell, Notebook
from ..compiler.passes.weigh_classes import weigh_classes
from ..compiler.problems import Location, Problem
from ..compiler.specs import DataDescription
from .data_code import bring_data_code

Described = tuple[DataDescription, tuple[Problem, ...]]
Describe = Callable[[DataCell, Path], tuple[DataDescription, list[Problem]]]

_KEPT = 32  # descriptions; undoing and redoing a setting must not read a large file again

_LOOKED_AT = 1000  # entries of a folder of data

_log = logging.getLogger(__name__)


def _describe(cell: DataCell, folder: Path) -> tuple[DataDescription, list[Problem]]:
    # Brings pandas along, which the first page need not wait for.
    bring_data_code()
    from ..runtime.data.load import describe

    return describe(cell, folder)


class DataDescriptions:
    """Descriptions by the data cell's content. `finished` is called, from another thread, when a new one is known."""

    def __init__(self, folder: Path, finished: Callable[[], None], describe: Describe = _describe) -> None:
        self._folder, self._finished, self._describe = folder, finished, describe
        self._known: OrderedDict[str, Described] = OrderedDict()
        self._under_way: set[str] = set()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="describe-data")

    def of(self, notebook: Notebook) -> tuple[dict[str, DataDescription], tuple[Problem, ...]]:
        """What is known of the notebook's data cells by now, by cell name; what is not is found out."""
        descriptions: dict[str, DataDescription] = {}
        problems: list[Problem] = []
        for cell in notebook.cells:
            if not isinstance(cell, DataCell):
                continue
            known = self._look_up(cell)
            if known:
                descriptions[cell.name] = known[0]
                problems += known[1]
        return descriptions, tuple(weigh_classes(notebook, problems))

    def changed(self, notebook: Notebook) -> bool:
        """Whether a data file is another than the one that was described last: by time and size, not by content.

        A file that was only touched is read once more, and its fingerprint tells that nothing is stale."""
        keys = {_key(cell, self._folder) for cell in notebook.cells if isinstance(cell, DataCell)}
        with self._lock:
            return not keys <= (self._known.keys() | self._under_way)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _look_up(self, cell: DataCell) -> Described | None:
        key = _key(cell, self._folder)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            if key in self._under_way:
                return None
            self._under_way.add(key)
        self._threads.submit(self._find_out, key, cell)
        return None

    def _find_out(self, key: str, cell: DataCell) -> None:
        try:
            description, problems = self._describe(cell, self._folder)
        except Exception as error:
            # Whatever a file of the user's holds, the page goes on; the log has the rest.
            _log.exception("describing %s failed", cell.name)
            description = DataDescription()
            problems = [
                Problem(
                    "D500",
                    f"The data could not be read: {error}",
                    Location(cell=cell.name),
                    help="See the log for more.",
                )
            ]
        with self._lock:
            self._under_way.discard(key)
            self._known[key] = (description, tuple(problems))
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._finished()


def _key(cell: DataCell, folder: Path) -> str:
    """All that a description depends on: the cell, name included as its problems carry it, and the file's state."""
    content = cell.model_dump(mode="json", exclude={"id", "folded"})
    named = bool(cell.location) and cell.source not in ("gallery", "keras", "code")
    state: object = _state(folder / cell.location) if named else None
    if cell.source == "code":
        from ..runtime.data.code_source import code_state

        state = code_state(cell, folder)
    return json.dumps([content, state], sort_keys=True)


def _state(path: Path) -> list[list[int]] | None:
    """Time and size of a file; of a folder those of itself and of the folders in it, which change with their files."""
    try:
        found = [path.stat()]
        if path.is_dir():
            found += [entry.stat() for entry in sorted(path.iterdir())[:_LOOKED_AT] if entry.is_dir() or entry.suffix]
    except (OSError, ValueError):
        return None
    return [[status.st_mtime_ns, status.st_size] for status in found]
