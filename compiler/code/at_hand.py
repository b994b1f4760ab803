"""The layers of the notebook that is being worked on: while it lasts, the catalogue has them too.

Each notebook has layers of its own, and passes and back ends ask the catalogue from many places; so they are not
handed through, but stand in a context that belongs to one thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..document import Notebook
    from .kinds import CodeKind

_at_hand: ContextVar[tuple[CodeKind, ...]] = ContextVar("layers of the notebook's own", default=())


def kinds_at_hand() -> tuple[CodeKind, ...]:
    """The layers of the notebook that this thread works on."""
    return _at_hand.get()


@contextmanager
def with_kinds(kinds: tuple[CodeKind, ...]) -> Iterator[None]:
    """Within it the catalogue has these layers, and no other notebook's."""
    token = _at_hand.set(kinds)
    try:
        yield
    finally:
        _at_hand.reset(token)


@contextmanager
def with_kinds_of(notebook: Notebook, allowed: Collection[str] = ()) -> Iterator[None]:
    """Within it the catalogue has the layers of a notebook; see `code_kinds`."""
    from .kinds import code_kinds

    with with_kinds(code_kinds(notebook, allowed)):
        yield
