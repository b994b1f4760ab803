"""What all pages of this server share: the folder, the host that trains, the notebooks that are open."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .folder_paths import notebook_path

if TYPE_CHECKING:
    from ..runtime.host import Host
    from ..runtime.part import Part
    from .open_notebook import OpenNotebook
    from .parts import PartsWatch


@dataclass(slots=True)
class AppState:
    """`host` and `watch` are None only where a page is made without a server (tests, the page of components)."""

    folder: Path = field(default_factory=Path.cwd)
    host: Host | None = None
    watch: PartsWatch | None = None

    def parts(self) -> tuple[Part, ...]:
        """How the parts of the editor are, as of a moment ago."""
        return self.watch.now if self.watch is not None else ()

    def open_notebook(self, name: str) -> OpenNotebook:
        """The notebook of that name in the folder. Raises PathRefused, OSError."""
        # Brings the compiler along, which the gallery need not wait for.
        from .open_notebooks import get_open_notebook

        return get_open_notebook(notebook_path(self.folder, name), self.host)


_state = AppState()


def app_state() -> AppState:
    return _state


def set_app_state(state: AppState) -> None:
    """Done once, by the server, before the first page."""
    global _state
    _state = state
