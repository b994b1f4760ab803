"""What is found out while a page is still being made reaches it: each moment at which it could get lost is forced."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.application import Application
from bokeh.application.handlers.function import FunctionHandler
from bokeh.document import Document
from bokeh.server import session
from bokeh.server.contexts import ApplicationContext
from panel.io.document import hold
from tornado.ioloop import IOLoop

from weftwork.compiler.document import DataCell, Notebook
from weftwork.compiler.problems import Problem
from weftwork.compiler.specs import DataDescription, DataField
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor import describe_data
from weftwork.editor.findings import Findings
from weftwork.editor.notices import StatusChanged
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.consent_notice import ConsentNotice
from weftwork.editor.pages.notebook_page import NotebookPage
from weftwork.editor.watch_status import StatusWatch
from weftwork.editor.when_shown import in_turn

PATIENCE_S = 30
DESCRIBED = DataDescription({"x": DataField("x", (4,))}, rows=48, validation_rows=12)


@pytest.fixture
def opened(tmp_path):
    path = tmp_path / "trees.weft"
    data = DataCell(id="data_0001", name="trees", source="csv", location="trees.csv")
    path.write_text(write_notebook(Notebook(cells=(data,))), encoding="utf-8")
    notebook = OpenNotebook(path)
    yield notebook
    notebook.close()


def run_callbacks(document: Document) -> None:
    """What the server does as soon as the page is there."""
    while document.session_callbacks:
        document.session_callbacks[0].callback()


@pytest.mark.parametrize("with_browser", [True, False])
def test_data_described_while_the_page_is_made_are_shown_on_it(opened, monkeypatch, with_browser):
    show = ConsentNotice.show

    def show_late(notice: ConsentNotice) -> None:
        # The data cell has been painted by now, and the page is not done yet.
        if not opened.findings.data:
            opened.findings = Findings(data={"trees": DESCRIBED})
            teller = threading.Thread(target=opened.tell, args=[StatusChanged(0, False)])
            teller.start()
            teller.join(PATIENCE_S)
        show(notice)

    monkeypatch.setattr(ConsentNotice, "show", show_late)
    document = Document() if with_browser else None
    page = NotebookPage(opened, None, document=document)
    if document:
        run_callbacks(document)
    assert "60 rows" in page.views["data_0001"].head.html
    page.close()


def test_a_description_that_ends_between_two_looks_is_not_slept_through(opened, monkeypatch):
    described, may_end, news = threading.Event(), threading.Event(), threading.Event()

    def describe(cell: DataCell, folder: Path) -> tuple[DataDescription, list[Problem]]:
        assert may_end.wait(PATIENCE_S)
        return DESCRIBED, []

    class Between(threading.Event):
        """Lets the description end right after it was seen, at the end of a wait, that it has not."""

        slept = False

        def is_set(self) -> bool:
            woken = super().is_set()
            self._let_it_end()
            return woken

        def wait(self, timeout: float | None = None) -> bool:
            self._let_it_end()
            woken = super().wait(timeout)
            self.slept = not woken
            return woken

        def set(self) -> None:
            super().set()
            if may_end.is_set():
                described.set()

        def _let_it_end(self) -> None:
            if self.slept and not may_end.is_set():
                may_end.set()
                assert described.wait(PATIENCE_S)

    monkeypatch.setattr(describe_data.DataDescriptions.__init__, "__defaults__", (describe,))
    threads = SimpleNamespace(Event=Between, Thread=threading.Thread)
    monkeypatch.setattr("weftwork.editor.watch_status.threading", threads)
    opened.subscribe(lambda notice: news.set() if opened.findings.data else None)
    watch = StatusWatch(opened)
    assert news.wait(PATIENCE_S)
    assert opened.findings.data["trees"].rows == 48
    watch.close()


class Asking:
    """A server's session on an empty page, and a thread that asks it for something at the worst moment."""

    def __init__(self, loop: IOLoop) -> None:
        self.loop, self.done, self.failed = loop, [], []
        self.documents: list[Document] = []
        self._application = ApplicationContext(Application(FunctionHandler(self.documents.append)), io_loop=loop)

    def ask(self) -> None:
        asker = threading.Thread(target=self._ask)
        asker.start()
        asker.join(PATIENCE_S)

    def _ask(self) -> None:
        try:
            in_turn(self.documents[0], lambda: self.done.append(True))
        except Exception as error:
            self.failed.append(error)

    def during(self, happens: Callable[[], None]) -> None:
        """Opens the session, lets it happen, and waits until all that was asked has had its turn."""

        async def live() -> None:
            await self._application.create_session_if_needed("one")
            happens()
            later = asyncio.get_running_loop().create_future()
            in_turn(self.documents[0], lambda: later.set_result(None))
            await later

        # On a thread of its own: a browser of other tests may keep a loop going on this one.
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(lambda: self.loop.run_sync(live, timeout=PATIENCE_S)).result()


@pytest.fixture
def asking():
    loop = IOLoop(make_current=False)
    yield Asking(loop)
    loop.close()


def test_what_a_thread_asks_while_the_session_begins_is_done_once(monkeypatch, asking):
    gather = session.DocumentCallbackGroup

    def gather_and_ask(*arguments: Any) -> Any:
        group = gather(*arguments)
        asking.ask()
        return group

    monkeypatch.setattr(session, "DocumentCallbackGroup", gather_and_ask)
    asking.during(lambda: None)
    assert (asking.done, asking.failed) == ([True], [])


def test_what_a_thread_asks_while_collected_changes_are_let_go_is_done_once(asking):
    class Collected(list):
        """Changes that were held back, asked for more just when they have been read."""

        def __iter__(self) -> Iterator[Any]:
            yield from super().__iter__()
            asking.ask()

    def change() -> None:
        (document,) = asking.documents
        with hold(document):
            document.title = "Trees"
            document.callbacks._held_events = Collected(document.callbacks._held_events)

    asking.during(change)
    assert (asking.done, asking.failed) == ([True], [])
