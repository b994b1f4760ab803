"""The notebook inside a PNG picture: the text of a chunk that every viewer skips. Pure."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEY = "weftwork notebook"
# More text than any notebook holds; a picture that unpacks to more is no picture of ours.
_MOST_BYTES = 64 * 2**20


def notebook_in_picture(content: bytes) -> str | None:
    """The text of the notebook that a PNG carries, None where it carries none. Never raises on content."""
    if not content.startswith(SIGNATURE):
        return None
    at = len(SIGNATURE)
    while at + 8 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"iTXt":
            found = _text(content[at + 8 : at + 8 + length])
            if found is not None:
                return found
        at += 12 + length
    return None


def _text(chunk: bytes) -> str | None:
    """What an iTXt chunk says where it is ours: keyword, NUL, two flags, language, NUL, translation, NUL, text."""
    keyword, _, rest = chunk.partition(b"\0")
    if keyword != KEY.encode() or len(rest) < 2:
        return None
    packed = rest[0] == 1
    text = rest[2:].split(b"\0", 2)[-1]
    try:
        if packed:
            reader = zlib.decompressobj()
            text = reader.decompress(text, _MOST_BYTES)
            if reader.unconsumed_tail or not reader.eof:
                return None
        return text.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        return None
