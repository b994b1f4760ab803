"""Notebooks that are dropped on the gallery or chosen there: each opens as a copy under a free name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..dropped_files import FileRefused, content_of, plain_name
from ..when_shown import when_shown
from .icons import icon
from .markup import Html, classes, h

_log = logging.getLogger(__name__)

# Reading one file after the other; a large one must not hold up the other pages.
_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="weftwork-import")
# As runtime/importers/import_file.py has it, which the page need not wait for; a test compares.
ENDINGS = (".weft", ".ipynb", ".py", ".png", ".onnx", ".keras", ".h5", ".hdf5", ".json")
# Of a script that asks to be run.
_MOST_SHOWN = 20_000
_INSTEAD = "Only single files up to 64 MB are taken here; `weftwork import` takes larger models."


@dataclass(frozen=True)
class Opened:
    """What became of a file: the name of the notebook that was made, "" for none, and what to say. `code` is what has
    to be allowed before there can be one, and `message` that of the file."""

    name: str
    notebook: str = ""
    words: tuple[str, ...] = ()
    code: str = ""
    message: dict[str, Any] | None = None
    running: bool = False


class GalleryDrop:
    """`show` is called when there is something new to say, `go` with the file to open. `document` is that of the tab;
    without one everything happens at once, in the caller's thread."""

    def __init__(self, folder: Path, show: Callable[[], None], go: Callable[[str], None], document: Any = None) -> None:
        self.folder, self._show, self._go, self._document = folder, show, go, document
        self.said: list[Opened] = []

    def heard(self, message: dict[str, Any]) -> None:
        """Takes the file of a `drop` message. What there is nothing to say about opens at once, if it came alone."""
        alone = message.get("of", 1) == 1

        def work() -> None:
            opened = self._take(message)
            if self._document is None:
                self._done(opened, alone)
            else:
                when_shown(self._document, lambda: self._done(opened, alone))

        if self._document is None:
            work()
        else:
            _THREAD.submit(work)

    def run(self, name: str) -> None:
        """Lets the script of that name run from now on, and takes its models."""
        from ...runtime.code_cells.consent import allow

        asked = next((opened for opened in self.said if opened.name == name and opened.code), None)
        if asked is None or asked.message is None:
            return
        self.said.remove(asked)
        try:
            allow([asked.code])
        except OSError as error:
            self.said.append(Opened(name, words=(f"What is allowed could not be kept: {error.strerror or error}.",)))
            self._show()
            return
        self.said.append(Opened(name, words=(f"{name} is running. This takes some seconds.",), running=True))
        self._show()
        self.heard(asked.message)

    def dismiss(self) -> None:
        self.said.clear()
        self._show()

    def _take(self, message: dict[str, Any]) -> Opened:
        from ...runtime.importers.import_file import keep_copy, read_any
        from ...runtime.importers.refused import ImportRefused, NeedsConsent
        from ..app_state import app_state

        name = str(message.get("name", ""))[:80]
        try:
            name = plain_name(message)
            imported = read_any(content_of(message, _INSTEAD), name, self.folder, app_state().host)
            made, notices = keep_copy(self.folder, Path(name).stem, imported)
            return Opened(name, made.name, tuple(notices))
        except NeedsConsent as asked:
            return Opened(name, words=(str(asked),), code=asked.code, message=message)
        except (ImportRefused, FileRefused) as refused:
            return Opened(name, words=(str(refused),))
        except OSError as error:
            return Opened(name, words=(f"{name} could not be copied: {error.strerror or error}.",))
        except Exception:
            # A file that nobody thought of must not leave the page without an answer.
            _log.exception("%s could not be imported", name)
            return Opened(name, words=(f"{name} could not be read: the reason stands in the terminal.",))

    def _done(self, opened: Opened, alone: bool) -> None:
        self.said = [one for one in self.said if not (one.running and one.name == opened.name)]
        if opened.notebook and not opened.words and alone:
            self._go(opened.notebook)
            return
        self.said.append(opened)
        self._show()

    def html(self) -> Html | None:
        """What became of the files that were dropped, as far as there is something to say."""
        if not self.said:
            return None
        return h(
            "section",
            [_row(opened) for opened in self.said],
            h(
                "div",
                h("button", "Dismiss", class_="btn ghost compact", type="button", data_action="dismiss"),
                class_="row",
            ),
            class_="shelf stack dropped",
            aria_label="Files that were dropped",
        )


def _row(opened: Opened) -> Html:
    failed = not opened.notebook and not opened.code and not opened.running
    words = opened.words or (f"{opened.notebook} was made from {opened.name}.",)
    link = None
    if opened.notebook:
        address = f"notebook?file={quote(opened.notebook)}"
        link = h("a", f"Open {opened.notebook}", class_="btn compact", href=address, data_testid="open-imported")
    elif opened.code:
        link = h(
            "div",
            h("details", h("summary", "Show the code"), h("pre", opened.code[:_MOST_SHOWN], class_="code-block")),
            h(
                "button",
                "Run it and take its models",
                class_="btn compact",
                type="button",
                data_action="run-script",
                data_value=opened.name,
            ),
            class_="stack",
        )
    return h(
        "div",
        icon("error" if failed else "info"),
        h("div", [h("p", sentence) for sentence in words], class_="grow"),
        link,
        class_=classes("notice", "error" if failed else "info"),
        role="alert" if failed else "status",
        data_testid=f"dropped:{opened.name}",
    )


def notebook_zone() -> Html:
    """Where a notebook is dropped or chosen."""
    return h(
        "label",
        icon("file"),
        h(
            "span",
            h("span", "Drop a notebook here, or choose one"),
            h("small", ".weft, .ipynb, a Keras model, or whatever was exported here. It opens as a copy."),
        ),
        h("input", type="file", accept=",".join(ENDINGS), data_upload=True, aria_label="Choose a notebook to open"),
        class_="drop-zone",
        data_drop=True,
        data_testid="drop:gallery",
    )


def page_hint() -> Html:
    """What is shown while a file hangs over the rest of the page."""
    return h("span", icon("file"), "Drop to open it as a notebook", class_="page-drop", data_page_drop=True)
