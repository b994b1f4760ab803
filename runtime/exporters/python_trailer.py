"""A notebook inside a Python script: comment lines at its end that no program reads, and that bring it back. Pure.

The lines are the notebook's text, packed and in base64, with checksums of it and of the code above: so an import can
tell a trailer that was damaged, and code that was changed by hand since.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from dataclasses import dataclass

_OPENING = "# The Weftwork notebook that this script was made from; `weftwork import` opens it."
_BEGIN = "# weftwork notebook 1: "
_END = "# end of the notebook"
# With the sign before them these are lines of 78 characters, short enough for any project's settings.
_WIDTH = 76
# More text than any notebook holds; what unpacks to more is no notebook of ours.
MOST_BYTES = 64 * 2**20


class NotebookDamaged(Exception):
    """There is a notebook inside, but not whole; the message says in a few words what is wrong with it."""


@dataclass(frozen=True)
class Carried:
    """The text of a notebook that was inside a file, and whether what stands around it was changed since."""

    text: str
    changed: bool


def digest(text: str) -> str:
    """Of a text, whatever its line ends and the blank lines after it."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def with_trailer(code: str, notebook: str) -> str:
    """The script with the notebook's text behind it."""
    packed = base64.b64encode(zlib.compress(notebook.encode("utf-8"), 9)).decode("ascii")
    lines = [f"# {packed[at : at + _WIDTH]}" for at in range(0, len(packed), _WIDTH)]
    whole = hashlib.sha256(notebook.encode("utf-8")).hexdigest()[:32]
    head = f"{_BEGIN}{whole} {digest(code)}"
    return "\n".join([code.rstrip("\n"), "", "", _OPENING, head, *lines, _END, ""])


def split_trailer(source: str) -> tuple[str, str]:
    """The script, and the notebook's lines behind it ("" where there are none); joined they are the source."""
    at = source.rfind(f"\n{_OPENING}\n")
    return (source, "") if at < 0 else (source[: at + 1], source[at + 1 :])


def notebook_in_python(source: str) -> Carried | None:
    """The notebook that a script carries, None where it carries none. Raises NotebookDamaged."""
    lines = source.splitlines()
    begins = [number for number, line in enumerate(lines) if line.startswith(_BEGIN)]
    if not begins:
        return None
    begin = begins[-1]
    end = next((n for n in range(begin, len(lines)) if lines[n].rstrip() == _END), None)
    if end is None:
        raise NotebookDamaged("it breaks off")
    whole, _, code_digest = lines[begin].removeprefix(_BEGIN).strip().partition(" ")
    text = _unpacked("".join(line.strip().removeprefix("#").strip() for line in lines[begin + 1 : end]))
    if hashlib.sha256(text.encode("utf-8")).hexdigest()[:32] != whole:
        raise NotebookDamaged("its checksum differs")
    opening = begin - 1 if begin and lines[begin - 1].rstrip() == _OPENING else begin
    code = "\n".join([*lines[:opening], *lines[end + 1 :]])
    return Carried(text, digest(code) != code_digest)


def _unpacked(packed: str) -> str:
    try:
        content = base64.b64decode(packed, validate=True)
        reader = zlib.decompressobj()
        text = reader.decompress(content, MOST_BYTES)
        if reader.unconsumed_tail:
            raise NotebookDamaged("it unpacks to more than a notebook holds")
        if not reader.eof:
            raise NotebookDamaged("it breaks off")
        return text.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError) as error:
        raise NotebookDamaged("its lines were changed") from error
