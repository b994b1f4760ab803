"""A notebook's page for a browser tab that asks for it, or the reason why there is none."""

from __future__ import annotations

import panel as pn

from ..app_state import app_state
from ..folder_paths import PathRefused
from .icons import icon
from .markup import h
from .markup_view import Markup
from .notebook_page import NotebookPage
from .shell import Shell

TICK_MS = 100


def missing_page(name: str, reason: str = "") -> pn.Template:
    """What is shown for a file that cannot be opened."""
    shell = Shell("Weftwork")
    shell.show_bar(h("span", class_="grow"))
    empty = h(
        "div",
        icon("file"),
        h("strong", f"{name} cannot be opened" if name else "No file was named"),
        h("span", reason or "It may have been moved or renamed."),
        h("a", "Back to the gallery", href="./", class_="btn"),
        class_="empty",
        style="max-width: 560px; margin: 96px auto",
    )
    return shell.template(Markup(empty))


def page() -> pn.Template:
    """The notebook that `?file=` names, for this browser tab."""
    arguments = pn.state.session_args.get("file", [b""])
    name = arguments[0].decode("utf-8", "replace")
    state = app_state()
    try:
        opened = state.open_notebook(name)
    except (OSError, PathRefused) as error:
        return missing_page(name, str(error) if isinstance(error, PathRefused) else "")
    notebook = NotebookPage(opened, state.host, document=pn.state.curdoc, parts=state.parts)

    def begin() -> None:
        pn.state.add_periodic_callback(notebook.tick, TICK_MS)

    pn.state.onload(begin)
    pn.state.on_session_destroyed(lambda context: notebook.close())
    return notebook.shell.template(notebook.column)
