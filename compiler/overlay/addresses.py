"""Where keras.io describes a kind, as far as that can be derived from its name."""

from __future__ import annotations


def of_layer(name: str, module: str) -> str:
    """The page of a layer, or ""."""
    return ""


def of_op(name: str, module: str) -> str:
    """The place of an operation on the page of its group, or ""."""
    return ""


def of_entry(registry: str, name: str) -> str:
    """The page of a loss, metric, optimizer, …, or ""."""
    return ""
