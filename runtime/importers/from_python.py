"""Python scripts: those that bring their notebook along, and those that make Keras models when they are run."""

from __future__ import annotations

from pathlib import Path

from ..exporters.python_trailer import NotebookDamaged, notebook_in_python
from .from_script import from_script
from .imported import CHANGED, Imported
from .refused import ImportRefused


def from_python(content: bytes, name: str, folder: Path | None = None) -> Imported:
    """The notebook inside a script of that name, which then is read and not run; else one with the models that it makes
    when it runs, if that is allowed. Raises ImportRefused, NeedsConsent."""
    try:
        carried = notebook_in_python(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{name} is no Python script: it is not text.") from error
    except NotebookDamaged as error:
        raise ImportRefused(f"The notebook inside {name} is damaged: {error}.") from error
    if carried is None:
        return from_script(content, name, folder)
    return Imported(carried.text, [CHANGED.format(name=name, what="lines")] if carried.changed else [])
