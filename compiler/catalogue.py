"""The catalogue of this installation: what Keras offers, the kinds of plug-ins, layers at hand. Imports no Keras."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .catalogue_types import Catalogue
from .code.at_hand import kinds_at_hand
from .keras_catalogue import keras_catalogue
from .plugins import kinds

if TYPE_CHECKING:
    from .code.kinds import CodeKind


def catalogue() -> Catalogue:
    """Every kind and registry, read once in a process, with the layers of the notebook at hand. Plug-ins cannot
    replace a kind of Keras, nor can a notebook."""
    own = kinds_at_hand()
    return _with_own(own) if own else installed()


@lru_cache(maxsize=32)
def _with_own(own: tuple[CodeKind, ...]) -> Catalogue:
    known = installed()
    return replace(known, kinds={one.name: one.kind for one in own} | known.kinds)


@cache
def installed() -> Catalogue:
    """What is installed, without the layers of any notebook."""
    of_keras = keras_catalogue()
    return replace(of_keras, kinds=of_keras.kinds | kinds())
