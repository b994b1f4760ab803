"""Serves a folder's notebooks to this person's browser, until Ctrl-C or a signal; runs go on without it.

Nothing here imports TensorFlow: the host does, in a process of its own, started once the first page is on its way.
"""

from __future__ import annotations

import errno
import html
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from panel.io.server import Server

    from ..runtime.host import Host
    from .security import Gatekeeper

_log = logging.getLogger(__name__)

ADDRESS = "127.0.0.1"
FIRST_PORT = 5006
PORTS_TRIED = 50
# Pages are answered beside the checks of a large network. Python's own 5 ms, waited for at each of a message's three
# pieces, are what a person would wait for an acknowledgement.
SWITCH_S = 0.0005
HOST_START_S = 3.0  # at the latest, if no page is asked for; it wants both cores
# A page that was open over night must find its way back; the cookie is what guards it.
PAGE_LIFETIME_S = 7 * 24 * 3600

ASSETS = Path(__file__).resolve().parents[1] / "assets"


def serve(
    folder: Path,
    *,
    port: int | None = None,
    host: str = ADDRESS,
    open_browser: bool = True,
    file: str | None = None,
) -> int:
    """Serves until it is told to stop; the exit code. Without a `port` the first free one from 5006 is taken, 0 lets
    the system choose. `host` is a further name under which the browser reaches this machine."""
    if not folder.is_dir():
        print(f"{folder} is no folder.", file=sys.stderr)
        return 2
    try:
        chosen = free_port(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and port is not None:
            print(f"Port {port} is in use. Choose another with --port, or leave it out.", file=sys.stderr)
        else:
            print(f"Port {port} cannot be used: {error.strerror}.", file=sys.stderr)
        return 2
    from .security import Gatekeeper, kept_secret

    names = () if host in (ADDRESS, "localhost", "::1") else (host,)
    gatekeeper = Gatekeeper(chosen, names, secret=kept_secret())
    try:
        server = make_server(folder, gatekeeper)
    except OSError as error:
        print(f"Port {chosen} cannot be used: {error.strerror or error}.", file=sys.stderr)
        return 2
    if port is None and chosen != FIRST_PORT:
        print(f"Port {FIRST_PORT} is in use; serving on {chosen}.", file=sys.stderr)
    page = f"notebook?file={quote(file)}&" if file else "?"
    address = f"http://{names[0] if names else ADDRESS}:{chosen}/{page}token={gatekeeper.token}"
    print(f"Weftwork: {address}", flush=True)
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    return _run(server)


def free_port(port: int | None) -> int:
    """The port asked for, or the first free one. Raises OSError."""
    if port is not None:
        return _try_port(port)
    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        try:
            return _try_port(candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    return _try_port(0)


def _try_port(port: int) -> int:
    if not 0 <= port < 65536:
        raise OSError(errno.EINVAL, "a port is a number up to 65535")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            # As the server does: a port that was let go a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((ADDRESS, port))
        return probe.getsockname()[1]


def make_server(folder: Path, gatekeeper: Gatekeeper) -> Server:
    """The server, listening but not running yet, with the gatekeeper before everything. Raises OSError."""
    import panel as pn

    from ..runtime.host import Host
    from .app_state import AppState, set_app_state
    from .gate import stand_before
    from .gone_browsers import expect_gone_browsers
    from .parts import PartsWatch

    # A refused request is no news to the person at the terminal.
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    pn.extension()
    pn.config.reconnect = True
    host = Host()
    folder = folder.resolve()
    set_app_state(AppState(folder, host, PartsWatch(host, folder, gatekeeper.port)))
    begin = _once(lambda: _begin(host))
    origins = [name for name in gatekeeper.hosts() if not name.startswith("[")]
    server = pn.io.server.get_server(
        {
            "/": _page("gallery", begin),
            "/notebook": _page("notebook", begin),
            "/components": _page("components", lambda: None),
        },
        port=gatekeeper.port,
        address=ADDRESS,
        websocket_origin=origins,
        title={"/": "Weftwork", "/notebook": "Weftwork", "/components": "Weftwork components"},
        static_dirs={"/assets": str(ASSETS)},
        start=False,
        show=False,
        verbose=False,
        # The page carries a copy of the request for Panel; the cookie must not be readable there.
        exclude_cookies=[gatekeeper.cookie_name],
        exclude_headers=["Cookie"],
        session_token_expiration=PAGE_LIFETIME_S,
        websocket_max_message_size=256 * 1024 * 1024,
    )
    stand_before(server._tornado, gatekeeper, folder)
    expect_gone_browsers(server.io_loop.asyncio_loop)  # pyright: ignore[reportAttributeAccessIssue] (ours is asyncio)
    server.io_loop.call_later(HOST_START_S, begin)
    return server


def _page(name: str, shown: Callable[[], None]) -> Callable[[], Any]:
    """A page of `editor/pages`, imported when it is first asked for. Calls `shown` once the browser has it."""

    def page() -> Any:
        import importlib

        import panel as pn
        from panel.io.resources import LOCAL_DIST

        from .folder_paths import PathRefused

        document = pn.state.curdoc
        if document is not None:
            # A tab that finds back after a restart makes its page over the websocket, where Panel would take its
            # style sheets from a public server.
            document.template_variables["dist_url"] = LOCAL_DIST
        pn.state.onload(shown)
        try:
            return importlib.import_module(f".pages.{name}", __package__).page()
        except PathRefused as error:
            reason = str(error)
        except OSError as error:
            reason = f"{Path(error.filename or '').name}: {error.strerror or error}."
        except Exception:
            _log.exception("the page %s could not be made", name)
            reason = "This page could not be made: the reason stands in the terminal that Weftwork runs in."
        return pn.pane.HTML(f'<p role="alert">{html.escape(reason)} <a href="./">To the gallery</a></p>')

    return page


def _begin(host: Host) -> None:
    """What the first page need not wait for: TensorFlow in its process, and the code of the notebook page."""
    host.start()
    threading.Thread(target=_load_notebook_page, daemon=True).start()


def _load_notebook_page() -> None:
    from .open_notebooks import all_open  # noqa: F401
    from .pages import notebook  # noqa: F401


def _once(action: Callable[[], None]) -> Callable[[], None]:
    lock, done = threading.Lock(), threading.Event()

    def run() -> None:
        with lock:
            if done.is_set():
                return
            done.set()
        action()

    return run


def _run(server: Server) -> int:
    """Runs until SIGINT or SIGTERM, then saves everything; 1 if something could not be saved."""

    def stop(*_: object) -> None:
        server.io_loop.add_callback_from_signal(server.io_loop.stop)

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    server.start()
    sys.setswitchinterval(SWITCH_S)
    try:
        server.io_loop.start()
    finally:
        unsaved = _shut_down(server)
    for path, state in unsaved:
        print(f"{path.name} could not be saved ({state}).", file=sys.stderr)
    return 1 if unsaved else 0


def _shut_down(server: Server) -> list[tuple[Path, str]]:
    from .app_state import app_state
    from .open_notebooks import all_open, close_all

    notebooks = all_open()
    close_all()
    state = app_state()
    if state.host is not None:
        state.host.close()
    if state.watch is not None:
        state.watch.close()
    server.stop(wait=False)
    return [(notebook.path, notebook.save_state) for notebook in notebooks if notebook.save_state != "saved"]
