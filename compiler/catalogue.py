"""The catalogue of this installation: what Keras offers, and the kinds of plug-ins. Imports no Keras."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from .catalogue_types import Catalogue
from .keras_catalogue import keras_catalogue
from .plugins import kinds


@cache
def catalogue() -> Catalogue:
    """Every kind and registry, read once in a process. Plug-ins cannot replace a kind of Keras."""
    of_keras = keras_catalogue()
    return replace(of_keras, kinds=of_keras.kinds | kinds())
