"""What every cell view of one browser tab shares: the notebook, the tab, the host, and a way back to the page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...runtime.standing import NOTHING, Standing
from ..cell_work import CellWork, work_on
from ..code_consent import allow_all, held_code, typed
from ..notices import Applied, Refused, Reply
from ..open_notebook import OpenNotebook
from ..pages.shell import Shell
from ..when_shown import when_shown

_log = logging.getLogger(__name__)

# Reading data and waiting for the host; more would only compete for the same cores.
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="weftwork-page")


@dataclass
class Context:
    """`host` may be None where nothing can be trained. `document` is the Bokeh document of the tab; without one
    everything happens at once, in the caller's thread. `standings` are those of the last look, by cell name; `shown` is
    set once the page's first cells stand, so that what comes later is known to be new."""

    open: OpenNotebook
    tab: str
    shell: Shell
    host: Any = None
    document: Any = None
    say: Callable[[str], None] = field(default=lambda reason: None)
    closed: bool = False
    shown: bool = False
    standings: dict[str, Standing] = field(default_factory=dict)
    # By network cell: what a run has seen of its nodes, and the nodes that are selected on its canvas.
    node_lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    selected_nodes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def work(self) -> CellWork:
        """What runs cells of this notebook, for all tabs."""
        return work_on(self.open, self.host, inline=self.document is None)

    def look(self) -> None:
        """Finds out anew how the cells' outputs stand to them."""
        self.standings = self.work.standings()

    def standing(self, name: str) -> Standing:
        return self.standings.get(name, NOTHING)

    @property
    def folder(self) -> Path:
        return self.open.folder

    def perform(self, label: str, *changes: Any, merge: bool = False) -> Reply:
        """Carries out a gesture of this tab; a refusal is told at the top of the page."""
        before = self.open.notebook
        reply = self.open.perform(self.tab, None, label, changes, merge=merge)
        if isinstance(reply, Applied):
            typed(self.open, before, changes)
        return self.told(reply)

    def told(self, reply: Reply) -> Reply:
        if isinstance(reply, Refused):
            self.say(reply.reason)
        return reply

    def settled(self) -> bool:
        """Whether it is known what is wrong with the notebook as it is now, as far as Keras need not be asked."""
        return self.open.findings.revision >= self.open.revision

    def allow_code(self) -> None:
        """Lets the notebook's code run, that of Lambda layers too; tells why that could not be kept."""
        if reason := allow_all(self.open):
            self.say(reason)
        elif changes := held_code(self.open.notebook):
            self.perform("Allow this notebook's code", *changes)

    def did(self, label: str, *changes: Any) -> bool:
        return isinstance(self.perform(label, *changes), Applied)

    def later(self, action: Callable[[], None]) -> None:
        """Runs `action` under the document's lock once the page is shown, from any thread, unless the tab is closed
        by then."""

        def unless_closed() -> None:
            if not self.closed:
                action()

        if self.document is None:
            unless_closed()
        elif not self.closed:
            when_shown(self.document, unless_closed)

    def background(self, work: Callable[[], Any], done: Callable[[Any, Exception | None], None]) -> None:
        """Runs `work` in a thread, then `done(result, error)` under the document's lock."""

        def run() -> None:
            try:
                result, error = work(), None
            except Exception as caught:
                result, error = None, caught
                _log.info("%s", caught, exc_info=caught)
            self.later(lambda: done(result, error))

        if self.document is None:
            run()
        else:
            _THREADS.submit(run)
