"""What a model is called in Keras. Pure."""

from __future__ import annotations

import re


def model_name(cell: str) -> str:
    """The name of a network cell in the letters that Keras and TensorFlow allow."""
    return re.sub(r"\W+", "_", cell.strip().lower(), flags=re.ASCII).strip("_") or "network"
