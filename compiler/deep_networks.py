"""Room for long chains: Keras walks a model from its outputs back, one call within another for each layer."""

from __future__ import annotations

import sys

# Calls around the walk (ours, Keras' own, a debugger's), and what a layer's own code may need at the bottom of it.
_AROUND = 1000
# A chain this long fits into Python's usual limit of 1,000 calls with all that is around it.
SHORT = 700


def make_room(layers: int) -> None:
    """Lets this process build or load a model of that many layers. Never lowers what it may do already."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), recursion_limit(layers)))


def recursion_limit(layers: int) -> int:
    """The recursion limit with which Python can walk that many layers."""
    return layers + _AROUND
