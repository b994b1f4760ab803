"""Arrays as small PNG pictures."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

# Larger ones are scaled down: they are shown the size of a thumb.
_LONGEST_SIDE = 128


def png(pixels: np.ndarray) -> str:
    """Base64 of a PNG. Pixels are (height, width), with 1 or 3 channels or none; uint8, or floats from 0 to 1."""
    if pixels.dtype != np.uint8:
        pixels = np.round(np.clip(np.nan_to_num(pixels), 0, 1) * 255).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    picture = Image.fromarray(pixels)
    if max(picture.size) > _LONGEST_SIDE:
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def is_picture(shape: tuple[int | None, ...]) -> bool:
    """Whether arrays of this shape (without batch axis) can be shown as pictures."""
    return len(shape) == 3 and shape[-1] in (1, 3)
