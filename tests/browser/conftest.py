"""A real browser, a real server in this process, and hands that draw: what the browser tests share."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.command import Command
from tests.browser.waiting import WAIT_S, at_rest, until
from weftwork.compiler.changes import AddNode, Change, Connect, RemoveMark, RemoveNode
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.part import HOST, SHAPES, Part

SIZE = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium(launch_chromium: Callable[..., Any]) -> Iterator[Any]:
    """A running Chromium. Without one the tests fail; they are never skipped."""
    browser = launch_chromium()
    yield browser
    browser.close()


class Pages:
    """Makes pages, each in a context of its own, and keeps what they complain of in their consoles."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self.complaints: list[str] = []

    def make(self, **options: Any) -> Any:
        context = self._browser.new_context(**{"viewport": SIZE, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_S * 1000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        return page

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def pages(chromium) -> Iterator[Pages]:
    """At the end of the test no page may have complained."""
    pages = Pages(chromium)
    yield pages
    pages.close()
    assert pages.complaints == []


@pytest.fixture
def new_page(pages) -> Callable[..., Any]:
    return pages.make


@pytest.fixture
def page(new_page) -> Any:
    return new_page()


@pytest.fixture
def start_command(tmp_path) -> Iterator[Callable[..., Command]]:
    """Starts the real command in a folder of its own, with a notebook or without; ends it after the test."""
    started: list[Command] = []

    def start(notebook: Notebook | None = None) -> Command:
        started.append(Command(tmp_path, notebook))
        return started[-1]

    yield start
    for one in started:
        one.end()


class Served:
    """The editor's own server on a folder, in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(WAIT_S)

    def _run(self) -> None:
        from weftwork.editor import server
        from weftwork.editor.security import Gatekeeper

        asyncio.set_event_loop(asyncio.new_event_loop())
        self.gatekeeper = Gatekeeper(server.free_port(0))
        self._server = server.make_server(self.folder, self.gatekeeper)
        self._server.start()
        self._server.io_loop.add_callback(self._started.set)
        self._server.io_loop.start()

    def address(self, file: str) -> str:
        return f"http://127.0.0.1:{self.gatekeeper.port}/notebook?file={file}&token={self.gatekeeper.token}"

    def close(self) -> None:
        from weftwork.editor.app_state import app_state
        from weftwork.editor.open_notebooks import close_all

        self._server.io_loop.add_callback(self._server.io_loop.stop)
        self._thread.join(WAIT_S)
        close_all()
        watch = app_state().watch
        if watch is not None:
            watch.close()


class HostAtRest:
    """Stands for a host that never gets ready: nothing that is drawn here needs Keras."""

    state = "starting"
    message = ""

    def parts(self) -> tuple[Part, ...]:
        return Part(HOST, "starting"), Part(SHAPES, "starting")

    def start(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("weftwork.runtime.host.Host", HostAtRest)
        running = Served(tmp_path_factory.mktemp("served"))
        yield running
        running.close()


def network(cell_id: str = "network_0001") -> NetworkCell:
    """input → hidden → out, and Add and Dropout beside them that nothing is wired to."""
    nodes = {
        "input_0001": Node(kind="Input", params={"shape": [8]}, label="numbers"),
        "dense_0001": Node(kind="Dense", params={"units": 4, "activation": "relu"}, label="hidden"),
        "output_0001": Node(kind="Output", label="answer"),
        "add_0001": Node(kind="Add"),
        "dropout_0001": Node(kind="Dropout", params={"rate": 0.5}),
    }
    wires = {
        "wire_0001": Wire(source=Source("input_0001"), target=Target("dense_0001")),
        "wire_0002": Wire(source=Source("dense_0001"), target=Target("output_0001")),
    }
    places = [(0, 0), (320, 0), (640, 0), (320, 160), (0, 160)]
    layout = {id_: Position(*place) for id_, place in zip(nodes, places, strict=True)}
    return NetworkCell(id=cell_id, name="network", nodes=nodes, wires=wires, layout=layout)


class CanvasPage:
    """A canvas in a browser tab, with the notebook that it must agree with."""

    def __init__(self, page: Any, open_notebook: Any) -> None:
        self.page = page
        self.open_notebook = open_notebook
        self.started = open_notebook.revision
        self.keys = page.keyboard

    def start_again(self) -> None:
        """Puts the small network back, by edits of another tab."""
        cell, start = self.drawn, network()
        changes: list[Change] = [RemoveMark(cell=cell.id, id=mark) for mark in cell.marks]
        changes += [RemoveNode(cell=cell.id, node=node) for node in cell.nodes]
        changes += [
            AddNode(cell=cell.id, id=id_, node=node, position=start.layout[id_]) for id_, node in start.nodes.items()
        ]
        changes += [Connect(cell=cell.id, id=id_, wire=wire) for id_, wire in start.wires.items()]
        self.open_notebook.perform("another tab", None, "Start again", changes)
        self.keys.press("Escape")
        self.page.mouse.click(*self.blank())
        self.keys.press("f")
        self.until(lambda: self.nodes_on_screen() == set(start.nodes), "the network is not back on screen")
        at_rest(self.page)
        self.started = self.open_notebook.revision

    @property
    def steps(self) -> int:
        """How many gestures were applied since the test began."""
        return self.open_notebook.revision - self.started

    @property
    def drawn(self) -> NetworkCell:
        """What the server holds."""
        return self.open_notebook.notebook.networks()[0]

    def get(self, testid: str) -> Any:
        return self.page.get_by_test_id(testid)

    def nodes_on_screen(self) -> set[str]:
        found = self.page.locator('[data-testid^="node:"]').evaluate_all("all => all.map(e => e.dataset.testid)")
        return {name.removeprefix("node:") for name in found}

    def until(self, holds: Callable[[], Any], what: str = "it never came true") -> Any:
        return until(self.page, holds, what)

    def middle(self, testid: str) -> tuple[float, float]:
        box = self.get(testid).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def blank(self, across: float = 0.5, down: float = 0.05) -> tuple[float, float]:
        """A point of the drawing's background, as shares of its width and height. The lower part gives way when
        problems come up."""
        box = self.page.locator(".react-flow__pane").bounding_box()
        return box["x"] + box["width"] * across, box["y"] + box["height"] * down

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, let_go: bool = True) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        mouse.move(*end, steps=4)
        if let_go:
            mouse.up()

    def wire(self, source: str, target: str, *, let_go: bool = True) -> None:
        """Draws a wire from `node:out:port` to `node:in:port`."""
        self.drag(self.middle(f"port:{source}"), self.middle(f"port:{target}"), let_go=let_go)

    def grip(self, node: str) -> tuple[float, float]:
        """A place to take a node by: its icon."""
        box = self.get(f"node:{node}").bounding_box()
        return box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.3

    def select(self, node: str) -> None:
        self.page.mouse.click(*self.grip(node))


def open_file(served: Served, page: Any, file: str) -> CanvasPage:
    """Opens a notebook of one network; makes the file where it is not there."""
    from weftwork.editor.app_state import app_state

    path = served.folder / file
    if not path.exists():
        path.write_text(write_notebook(Notebook(cells=(network(),))), encoding="utf-8")
    page.goto(served.address(file))
    page.locator('[data-testid="canvas"][data-loaded="true"]').first.wait_for()
    return CanvasPage(page, app_state().open_notebook(file))


@pytest.fixture
def open_canvas(served, new_page, request) -> Callable[..., CanvasPage]:
    """Opens the test's own notebook in a new tab; called again, in a further tab. `prepare(page)` comes before."""
    file = re.sub(r"\W", "_", request.node.name) + ".weft"

    def open_(prepare: Callable[[Any], None] | None = None) -> CanvasPage:
        page = new_page()
        if prepare:
            prepare(page)
        return open_file(served, page, file)

    return open_


@pytest.fixture(scope="session")
def shared_canvas(served, chromium) -> Iterator[tuple[CanvasPage, Pages]]:
    pages = Pages(chromium)
    yield open_file(served, pages.make(), "shared.weft"), pages
    pages.close()


@pytest.fixture
def canvas(shared_canvas) -> Iterator[CanvasPage]:
    """A canvas with the small network as at the start, all of it in view. One page serves all tests."""
    shared, pages = shared_canvas
    shared.start_again()
    yield shared
    assert pages.complaints == []
