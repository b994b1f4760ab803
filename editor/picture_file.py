"""A notebook inside a PNG picture: a text chunk that every viewer skips, and that brings the notebook back."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ..runtime.importers.from_picture import KEY, SIGNATURE, notebook_in_picture

__all__ = ["SIGNATURE", "notebook_in_picture", "picture_with_notebook"]


def picture_with_notebook(image: Image.Image, text: str) -> bytes:
    """The PNG of an image that carries the text of a notebook."""
    info = PngInfo()
    info.add_itxt(KEY, text, zip=True)
    content = BytesIO()
    image.save(content, "PNG", pnginfo=info, optimize=True)
    return content.getvalue()
