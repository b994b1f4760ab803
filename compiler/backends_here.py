"""Which backends of Keras this Python can train by. Nothing is imported to find out."""

from __future__ import annotations

from importlib.util import find_spec

INSTALL_JAX = "pip install 'weftwork[jax]'"


def has_jax() -> bool:
    """Whether the extra jax is installed."""
    return find_spec("jax") is not None and find_spec("jaxlib") is not None
