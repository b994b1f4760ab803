"""The first page: what Weftwork is, the notebooks to start from, and those of this folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import panel as pn

from .gallery_drop import GalleryDrop, notebook_zone, page_hint
from .icons import icon
from .markup import Html, h
from .markup_view import Markup
from .shell import Shell
from .weave import weave

PROMISE = "See every shape and every mistake as you draw, press Run and watch it learn, take away plain Python."


def gallery_html(
    cards: Sequence[Any], files: Sequence[tuple[Path, str]], folder: Path, dropped: Html | None = None
) -> Html:
    """The page below the bar. `files` are notebooks of the folder, newest first, with their state in words; `dropped`
    says what became of files that were dropped."""
    return h(
        "div",
        h(
            "section",
            h(
                "div",
                h("h1", "A notebook whose cells are networks."),
                h("p", PROMISE, class_="promise"),
                h(
                    "div",
                    h("button", icon("plus"), "New notebook", class_="btn primary", type="button", data_action="new"),
                    h("span", "Saved in ", h("span", str(folder), class_="mono"), class_="muted small"),
                    class_="actions",
                ),
                notebook_zone(),
            ),
            h("div", weave(), class_="weave"),
            class_="hero",
        ),
        dropped,
        h(
            "section",
            h(
                "header",
                h("h2", "Start from an example"),
                h("span", "Each is a copy of your own to change", class_="muted small"),
            ),
            h("div", [_card(card) for card in cards], class_="cards"),
            class_="shelf",
            aria_label="Examples",
        ),
        h(
            "section",
            h("header", h("h2", "In this folder")),
            h("div", [_file(path, state) for path, state in files], class_="files") if files else _no_files(),
            class_="shelf",
            aria_label="Notebooks of this folder",
        ),
        page_hint(),
        data_takes_over=True,
    )


def _card(card: Any) -> Html:
    duration = card.time_to_train
    facts = h("span", icon("clock"), duration, class_="facts") if duration else None
    return h(
        "button",
        h("span", _picture(card), class_="picture", aria_hidden="true"),
        h(
            "span",
            h("span", card.title, class_="title"),
            h("span", card.summary, class_="summary"),
            facts,
            class_="words",
        ),
        class_="card",
        type="button",
        data_action="open-card",
        data_value=card.name,
        data_testid=f"gallery-card:{card.name}",
    )


def _picture(card: Any) -> Html:
    """The card's own picture: SVG text, or the address of an image."""
    picture = str(getattr(card, "picture", "") or "")
    if picture.lstrip().startswith("<svg"):
        return Html(picture)
    return h("img", src=picture, alt="") if picture else icon("network")


def _file(path: Path, state: str) -> Html:
    return h(
        "a",
        icon("file"),
        h("span", path.stem, class_="name"),
        h("span", state, class_="muted small grow"),
        h("time", ago(time.time() - path.stat().st_mtime)),
        href=address(path.name),
        data_testid=f"file:{path.name}",
    )


def _no_files() -> Html:
    return h(
        "div",
        icon("file"),
        h("strong", "No notebooks here yet"),
        h("span", "Open an example above or begin with an empty one."),
        class_="empty",
    )


def address(file: str) -> str:
    """Where the notebook of that file name is shown."""
    return f"notebook?file={quote(file)}"


def ago(seconds: float) -> str:
    """How long ago, as people say it."""
    if seconds < 90:
        return "just now"
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return "yesterday" if unit == "day" and count == 1 else f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def recent_files(folder: Path) -> list[tuple[Path, str]]:
    """The notebooks of the folder, newest first, each with the state of its latest run."""
    from ...runtime.run_state import latest_states

    latest = latest_states(folder)
    files = sorted(folder.glob("*.weft"), key=lambda path: path.stat().st_mtime, reverse=True)[:30]
    return [(path, _run_words(latest.get(path.name) or latest.get(path.stem))) for path in files]


def _run_words(state: str | None) -> str:
    return "not trained yet" if state is None else f"latest run {state}"


class GalleryPage:
    """`document` is that of the browser tab, None where there is none."""

    def __init__(self, folder: Path, document: Any = None) -> None:
        self.folder = folder
        self.shell = Shell("Weftwork")
        self.shell.show_bar(h("span", class_="grow"), plain=True)
        self.drop = GalleryDrop(folder, self._show, lambda name: self.view.go(address(name)), document)
        self.view = Markup(self._html(), self._heard)

    def _html(self) -> Html:
        from ...gallery.cards import cards

        return gallery_html(cards(), recent_files(self.folder), self.folder, self.drop.html())

    def _show(self) -> None:
        self.view.show(self._html())

    def _heard(self, message: dict[str, Any]) -> None:
        from ...gallery.cards import copy_card

        match message.get("action"):
            case "open-card":
                self.view.go(address(copy_card(str(message.get("value")), self.folder).name))
            case "new":
                self.view.go(address(new_notebook(self.folder).name))
            case "drop":
                self.drop.heard(message)
            case "run-script":
                self.drop.run(str(message.get("value")))
            case "dismiss":
                self.drop.dismiss()


def new_notebook(folder: Path) -> Path:
    """Writes an empty notebook under a name that is free."""
    from ...compiler.document import Notebook, TextCell, new_id
    from ...compiler.document_file import write_notebook

    name, number = "untitled", 1
    while (path := folder / f"{name}.weft").exists():
        number += 1
        name = f"untitled-{number}"
    start = TextCell(id=new_id("text"), name="title", text=f"# {name.replace('-', ' ').capitalize()}\n")
    path.write_text(write_notebook(Notebook(cells=(start,))), encoding="utf-8")
    return path


def page() -> pn.Template:
    """The gallery for this browser tab."""
    from ..app_state import app_state

    gallery = GalleryPage(app_state().folder, pn.state.curdoc)
    return gallery.shell.template(gallery.view, first=Html(gallery.view.html))
