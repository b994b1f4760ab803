"""A child kept ready for the next run: it has trained a tiny network, so nothing is done for the first time any more.

A run that takes it begins half a second sooner. What it computes is the same as in a child forked for it, since the
tiny run leaves nothing behind. TensorFlow takes its number of threads once in a process, so there is a child for each
number that runs have by themselves; a run that wants yet another gets one of its own.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from .child_process import Child, start_child
from .link import Link
from .machine import suits_a_warm_process
from .run_directory import RunDirectory

# A run that has just begun wants the processors for itself.
_LATER_S = 5.0


class Spare:
    """At most one waiting child, of `threads` threads, begun after `wait_s`; `ready` says whether it waits. `links`
    gives what a fork must not hold open; `tell` is called when `ready` has changed."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        links: Callable[[], Iterable[Link]],
        tell: Callable[[], None],
        *,
        threads: int,
        wait_s: float = 0.0,
    ) -> None:
        self.threads, self.ready = threads, False
        self._selector, self._links, self._tell = selector, links, tell
        self._child: Child | None = None
        self._due: float | None = time.monotonic() + wait_s

    def take(self, path: str) -> int | None:
        """Hands the run in the directory `path` to the child, and gives its pid; None where there is none that is ready
        and fits."""
        if not suits_a_warm_process(RunDirectory(Path(path)).info(), self.threads):
            return None
        # The next one is made ready when the run that takes this one, or starts without, is under way.
        child = self._child
        if child is None:
            self._due = time.monotonic() + _LATER_S
            return None
        if not self.ready:
            return None
        self._forget()
        try:
            child.link.send({"path": path})
        except OSError:
            return None
        child.link.close()
        return child.pid

    def links(self) -> list[Link]:
        return [self._child.link] if self._child is not None else []

    def deadline(self) -> float | None:
        """When the next child is to be started."""
        return self._due

    def start_due(self, now: float) -> None:
        """Starts the child whose time has come. Where none can be started, none is missed: runs start without."""
        if self._due is None or self._due > now:
            return
        self._due = None
        try:
            self._child = start_child("spare", str(self.threads), closing=self._links())
        except OSError:
            self._due = now + _LATER_S
            return
        self._selector.register(self._child.link, selectors.EVENT_READ, self._hear)

    def end(self) -> None:
        """Lets the child go: it ends when it finds its link closed, and takes its temporary folder away before."""
        if self._child is not None:
            self._child.link.close()

    def _hear(self) -> None:
        assert self._child is not None
        if self._child.link.receive_ready() is None:
            # It has ended, by want of memory or room on the disk; the next one may fare better, but not at once.
            child = self._child
            self._forget()
            child.link.close()
            self._due = time.monotonic() + 10 * _LATER_S
        else:
            self.ready = True
            self._tell()

    def _forget(self) -> None:
        assert self._child is not None
        self._selector.unregister(self._child.link)
        self._child, self.ready, self._due = None, False, time.monotonic() + _LATER_S
        self._tell()


def wait_for_run(link: Link, threads: int) -> str | None:
    """The life of the child until its run: warms up with that many threads, says so, and gives the run's directory;
    None where the host is gone."""
    from .warm_up import warm_up

    warm_up(threads)
    with suppress(OSError):
        link.send({"ready": True})
    message = link.receive()
    link.close()
    return None if message is None else message["path"]
