"""Lets Keras find the layers of a notebook's own code when it loads a saved model. Imports Keras."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from ...compiler.code.at_hand import with_kinds
from ...compiler.code.kinds import CodeKind, code_kinds
from ...compiler.code.load import load_own
from ...compiler.document import Notebook


@contextmanager
def registered(notebook: Notebook, allowed: Collection[str]) -> Iterator[None]:
    """Within it the notebook's layers are at hand, and saved models that use them can be loaded. Code that may not run
    is left alone: loading then says which class is missing. Raises CodeFailed."""
    with registered_kinds(code_kinds(notebook, allowed)):
        yield


@contextmanager
def registered_kinds(kinds: tuple[CodeKind, ...]) -> Iterator[None]:
    with with_kinds(kinds):
        for one in kinds:
            # Running its code is what makes it known to Keras.
            if one.allowed and one.kind.group == "layer" and not one.clash:
                load_own(one.kind.keras)
        yield
