"""Python scripts that bring their notebook along."""

from __future__ import annotations

from ..exporters.python_trailer import NotebookDamaged, notebook_in_python
from .imported import CHANGED, Imported
from .refused import ImportRefused


def from_python(content: bytes, name: str) -> Imported:
    """The notebook inside a script of that name; the script is read and never run. Raises ImportRefused."""
    try:
        carried = notebook_in_python(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{name} is no Python script: it is not text.") from error
    except NotebookDamaged as error:
        raise ImportRefused(f"The notebook inside {name} is damaged: {error}.") from error
    if carried is None:
        raise ImportRefused(
            f"{name} has no notebook inside. Scripts that were not exported by Weftwork cannot be imported yet."
        )
    return Imported(carried.text, [CHANGED.format(name=name, what="lines")] if carried.changed else [])
