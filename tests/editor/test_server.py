"""A real server: what it serves, to whom, and how it ends."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.editor.crashes import write_start
from tests.editor.running_server import PATIENCE_S, RunningServer
from weftwork.editor import server as server_module
from weftwork.editor.server import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("served") / "folder"
    folder.mkdir()
    write_start(folder)
    (folder.parent / "secret.weft").write_text("secret")
    (folder / "link.weft").symlink_to(folder.parent / "secret.weft")
    running = RunningServer(folder, folder.parent / "state")
    running.start()
    running.let_in()
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.communicate()


def run_apart(what: Callable[[], Coroutine[Any, Any, str]]) -> str:
    """Runs it on a thread of its own: a browser of other tests may keep a loop going on this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(what())).result()


def websocket(server: RunningServer, headers: dict[str, str], token: str = "") -> str:
    """The first message on a websocket with these headers, or the status that it was refused with."""

    async def attempt() -> str:
        request = HTTPRequest(f"ws://127.0.0.1:{server.port}/ws", headers={"Cookie": server.cookie, **headers})
        try:
            connection = await websocket_connect(request, subprotocols=["bokeh", token or "e30.e30"])
        except HTTPClientError as error:
            return str(error.code)
        message = await asyncio.wait_for(connection.read_message(), PATIENCE_S)
        connection.close()
        return str(message)

    return run_apart(attempt)


def pulled_page(server: RunningServer, token: str) -> str:
    """The page that a tab gets which comes back over the websocket alone."""

    async def pull() -> str:
        request = HTTPRequest(f"ws://127.0.0.1:{server.port}/ws", headers={"Cookie": server.cookie, **ours(server)})
        connection = await websocket_connect(request, subprotocols=["bokeh", token])
        parts: list[str] = []
        asked = False
        while not any('"PULL-DOC-REPLY"' in part for part in parts[:-2]):
            parts.append(str(await asyncio.wait_for(connection.read_message(), PATIENCE_S)))
            if not asked and "ACK" in "".join(parts) and len(parts) >= 3:
                asked = True
                for part in ('{"msgid": "1", "msgtype": "PULL-DOC-REQ"}', "{}", "{}"):
                    await connection.write_message(part)
        connection.close()
        return parts[-1]

    return run_apart(pull)


def page_token(server: RunningServer) -> str:
    found = re.search(r'"token":"([^"]+)"', server.get("/").body)
    assert found
    return found[1]


def ours(server: RunningServer) -> dict[str, str]:
    return {"Origin": f"http://127.0.0.1:{server.port}"}


def test_without_token_or_cookie_everything_is_refused_and_the_page_says_how_to_get_in(server: RunningServer) -> None:
    paths = ("/", "/notebook?file=a.weft", "/components", "/ws", "/metadata", "/autoload.js", "/favicon.ico")
    resources = ("/static/js/bokeh.min.js", "/assets/theme.css", "/no-such-page", "/?token=wrong", "/?token=")
    for path in (*paths, *resources):
        answer = server.get(path, cookie=False, headers=ours(server))
        assert answer.status == 403, path
    assert "token=" in answer.body
    assert "<script" not in answer.body


def test_the_token_is_exchanged_for_a_cookie_that_scripts_cannot_read(server: RunningServer) -> None:
    answer = server.get(f"/notebook?file=a.weft&token={server.token}", cookie=False)
    assert answer.status == 302
    assert answer.headers["Location"] == "/notebook?file=a.weft"
    cookie = answer.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert server.token not in answer.headers["Set-Cookie"]


def test_a_link_on_another_sites_page_is_followed_by_a_page_of_ours(server: RunningServer) -> None:
    answer = server.get(f"/?token={server.token}", {"Sec-Fetch-Site": "cross-site"}, cookie=False)
    assert answer.status == 200
    assert 'content="0;url=/"' in answer.body


def test_the_exchange_never_leads_to_another_server(server: RunningServer) -> None:
    answer = server.get(f"//evil.example/?token={server.token}", cookie=False)
    assert answer.headers["Location"].startswith("/evil.example")


def test_pages_and_their_resources_are_served_with_nothing_from_elsewhere(server: RunningServer) -> None:
    for path in ("/", "/notebook?file=a.weft", "/components", "/assets/theme.css", "/static/js/bokeh.min.js"):
        answer = server.get(path)
        assert answer.status == 200, path
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if not path.startswith(("/assets", "/static")):
            loaded = re.findall(r"""(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)""", answer.body)
            assert loaded == [], path


def test_the_page_does_not_tell_its_scripts_the_cookie(server: RunningServer) -> None:
    import base64

    payload = page_token(server).split(".")[0]
    decoded = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode(errors="replace")
    secret = server.cookie.split("=", 1)[1]
    assert secret not in server.get("/").body
    assert secret not in decoded


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "127.0.0.1:1"},
        {"Cookie": "weftwork-{port}=forged"},
        {"Cookie": ""},
    ],
    ids=str,
)
def test_bad_requests_are_refused_over_http_and_over_the_websocket(
    server: RunningServer, headers: dict[str, str]
) -> None:
    sent = {name: value.format(port=server.port) for name, value in headers.items()}
    for path in ("/", "/assets/theme.css", "/static/js/bokeh.min.js", "/notebook?file=a.weft"):
        assert server.get(path, sent).status == 403
        assert server.get(path, sent, method="POST").status == 403
    assert websocket(server, {**ours(server), **sent}, page_token(server)) == "403"


def test_a_websocket_without_an_origin_is_refused(server: RunningServer) -> None:
    assert websocket(server, {}, page_token(server)) == "403"


def test_two_host_headers_are_refused(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as raw:
        lines = ["GET / HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Host: evil.example", f"Cookie: {server.cookie}"]
        raw.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        assert raw.recv(100).split()[1] == b"400"


def test_a_page_of_ours_gets_its_websocket(server: RunningServer) -> None:
    header = json.loads(websocket(server, ours(server), page_token(server)))
    assert header["msgtype"] == "ACK"


@pytest.mark.parametrize(
    "name",
    ["../secret.weft", "..%2Fsecret.weft", "%2e%2e/secret.weft", "../../etc/passwd", "/etc/passwd", "%2Fetc%2Fpasswd",
     "..%5Csecret.weft", "link.weft", "a.weft%00", "a.weft&file=../secret.weft", ""],
)  # fmt: skip
def test_a_file_outside_the_folder_is_refused(server: RunningServer, name: str) -> None:
    answer = server.get(f"/notebook?file={name}")
    assert answer.status == 403
    assert "secret" not in answer.body


@pytest.mark.parametrize("path", ["/assets/../pyproject.toml", "/assets/%2e%2e/pyproject.toml", "/assets//etc/passwd"])
def test_assets_do_not_lead_out_of_their_folder(server: RunningServer, path: str) -> None:
    assert server.get(path).status in (403, 404)


def test_a_notebook_that_is_not_there_is_said_in_one_line(server: RunningServer) -> None:
    answer = server.get("/notebook?file=gone.weft")
    assert answer.status == 200
    assert "Traceback" not in answer.body


def test_a_tab_finds_back_after_a_restart_and_tensorflow_is_never_imported(server: RunningServer) -> None:
    """Last, since it ends the server of this module."""
    token = page_token(server)
    code, output = server.stop()
    assert code == 0, output
    assert "Traceback" not in output
    imported = server.imported(output)
    assert "panel" in imported
    assert not {"tensorflow", "keras"} & set(imported)
    server.start()
    assert server.get("/assets/theme.css").status == 200
    page = pulled_page(server, token)
    assert '"roots"' in page
    assert re.findall(r"https?://[^\"']*\.(?:css|js)", page) == []
    code, output = server.stop(signal.SIGINT)
    assert code == 0, output


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "weftwork.editor", "--port", str(port), "--no-browser"],
            cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"Port {port} is in use. Choose another with --port, or leave it out.\n"


def test_the_next_free_port_is_taken_when_none_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(server_module, "FIRST_PORT", port)
        assert port < free_port(None) < port + server_module.PORTS_TRIED
