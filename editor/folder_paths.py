"""Keeps names that come from a browser or a file inside the served folder, and relative to it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

SUFFIX = ".weft"


class PathRefused(Exception):
    """A name that leads out of the folder or to no notebook; the message tells the user."""


def notebook_path(folder: Path, name: str) -> Path:
    """The notebook of that name in the folder, links followed. Raises PathRefused; the file need not exist."""
    if not name or "\0" in name:
        raise PathRefused("No notebook is named.")
    # Both kinds are looked at everywhere: a backslash means nothing here and much on another system.
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or PureWindowsPath(name).root:
        raise PathRefused("A notebook is named by its place in the folder, not by a full path.")
    if ".." in (*PurePosixPath(name).parts, *PureWindowsPath(name).parts):
        raise PathRefused("This name leads out of the folder.")
    if not name.endswith(SUFFIX):
        raise PathRefused(f"This is no notebook: the name of one ends in {SUFFIX}.")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise PathRefused("This name is a link that leads out of the folder.")
    if path.suffix != SUFFIX:
        raise PathRefused(f"This name is a link to a file that is no notebook (its name does not end in {SUFFIX}).")
    return path


def kept_path(text: str, folder: Path) -> str:
    """A path that was typed as a notebook in `folder` keeps it: from there, with forward slashes, so that it holds
    wherever the folder goes. What lies elsewhere stays as it is, and is told as a problem."""
    text = text.strip()
    path = Path(text).expanduser() if text.startswith("~") else Path(text)
    if not text or "\0" in text:
        return text
    try:
        inside = (folder / path).resolve().relative_to(folder.resolve()).as_posix()
    except (OSError, RuntimeError, ValueError):
        return text
    # A link in the folder is named as it was typed.
    return inside if path.is_absolute() or ".." in path.parts else path.as_posix()
