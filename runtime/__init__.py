"""The runtime: run directories, processes, data, training and exporters.

Everything that the command line does is a function here: `open_notebook`, `check`, `show`, `train`, `run`, `export`,
`import_notebook`, `runs`. They are loaded when they are first used, since the server needs only parts of this folder.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .headless import check, export, import_notebook, open_notebook, run, runs, show, train

__all__ = ["check", "export", "import_notebook", "open_notebook", "run", "runs", "show", "train"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import headless

        return getattr(headless, name)
    raise AttributeError(name)
