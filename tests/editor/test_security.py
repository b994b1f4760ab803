"""Who is let in, decided on plain values; test_server.py sends the same to a real server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from weftwork.editor import security
from weftwork.editor.folder_paths import PathRefused, notebook_path
from weftwork.editor.security import COOKIE_LIFETIME_S, Gatekeeper, kept_secret

GATE = Gatekeeper(5006)
HOME = "http://127.0.0.1:5006"


@pytest.mark.parametrize(
    ("host", "origin", "websocket"),
    [
        ("127.0.0.1:5006", None, False),
        ("localhost:5006", HOME, False),
        ("LOCALHOST:5006", "http://localhost:5006", True),
        ("[::1]:5006", "http://[::1]:5006", True),
    ],
)
def test_our_own_pages_are_let_through(host: str, origin: str | None, websocket: bool) -> None:
    assert GATE.check_sender(host, origin, websocket=websocket) is None


@pytest.mark.parametrize(
    ("host", "origin", "websocket"),
    [
        (None, None, False),
        ("", None, False),
        ("evil.example:5006", None, False),
        ("evil.example:5006", "http://evil.example:5006", True),
        ("127.0.0.1", None, False),
        ("127.0.0.1:5007", None, False),
        ("127.0.0.1:5006.evil.example", None, False),
        ("127.0.0.1:5006", "null", False),
        ("127.0.0.1:5006", "null", True),
        ("127.0.0.1:5006", "", True),
        ("127.0.0.1:5006", None, True),
        ("127.0.0.1:5006", "http://evil.example", False),
        ("127.0.0.1:5006", "http://127.0.0.1:8888", True),
        ("127.0.0.1:5006", "http://evil.example#127.0.0.1:5006", True),
        ("127.0.0.1:5006", "http://127.0.0.1:5006@evil.example", True),
        ("127.0.0.1:5006", "file://127.0.0.1:5006", True),
    ],
)
def test_foreign_names_and_pages_are_refused(host: str | None, origin: str | None, websocket: bool) -> None:
    refusal = GATE.check_sender(host, origin, websocket=websocket)
    assert refusal is not None
    assert refusal.status == 403


def test_a_further_name_is_let_through_with_and_without_the_port() -> None:
    gate = Gatekeeper(5006, ("lab.example",))
    for host in ("lab.example", "lab.example:5006"):
        assert gate.check_sender(host, f"https://{host}", websocket=True) is None
    assert gate.check_sender("lab.example:80", None, websocket=False) is not None
    assert Gatekeeper(5006, ("lab.example:8443",)).check_sender("lab.example", None, websocket=False) is not None


def test_only_the_very_token_is_known() -> None:
    assert GATE.knows(GATE.token)
    for wrong in ("", GATE.token[:-1], GATE.token + "x", "ümlaut", Gatekeeper(5006).token):
        assert not GATE.knows(wrong)


def test_a_cookie_admits_until_it_runs_out_and_over_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    cookies = {GATE.cookie_name: GATE.new_cookie()}
    assert GATE.admits(cookies)
    assert Gatekeeper(5006, secret=GATE.secret).admits(cookies)
    later = time.time() + COOKIE_LIFETIME_S + 1
    monkeypatch.setattr(security.time, "time", lambda: later)
    assert not GATE.admits(cookies)


def test_forged_cookies_do_not_admit() -> None:
    issued, nonce, signature = GATE.new_cookie().split(".")
    for forged in (
        "",
        ".",
        "..",
        GATE.token,
        f"{issued}.{nonce}.",
        f"9{issued}.{nonce}.{signature}",
        f"x.y.{signature}",
    ):
        assert not GATE.admits({GATE.cookie_name: forged})
    assert not GATE.admits({})
    assert not Gatekeeper(5006).admits({GATE.cookie_name: GATE.new_cookie()})
    other_port = Gatekeeper(5007, secret=GATE.secret)
    assert not other_port.admits({other_port.cookie_name: GATE.new_cookie()})


def test_the_key_for_cookies_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    key = kept_secret(tmp_path / "state")
    assert len(key) == 32
    assert kept_secret(tmp_path / "state") == key
    assert (tmp_path / "state" / "cookie-key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "blocked").write_text("")
    assert len(kept_secret(tmp_path / "blocked")) == 32


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../a.weft",
        "sub/../../a.weft",
        "..\\a.weft",
        "/etc/passwd",
        "/etc/a.weft",
        "C:\\a.weft",
        "\\\\server\\a.weft",
        "a.weft\0.png",
        "passwd",
        ".weft/../../x.weft",
        "out.weft",
        "folder/secret.weft",
        "text.weft",
    ],
)
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.weft").write_text("")
    (folder / "text.txt").write_text("")
    (folder / "out.weft").symlink_to(outside / "secret.weft")
    (folder / "folder").symlink_to(outside)
    (folder / "text.weft").symlink_to(folder / "text.txt")
    with pytest.raises(PathRefused):
        notebook_path(folder, name)


def test_names_inside_the_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.weft").write_text("")
    (tmp_path / "link.weft").symlink_to(tmp_path / "real" / "a.weft")
    assert notebook_path(tmp_path, "real/a.weft") == tmp_path / "real" / "a.weft"
    assert notebook_path(tmp_path, "link.weft") == tmp_path / "real" / "a.weft"
    assert notebook_path(tmp_path, "new one.weft") == tmp_path / "new one.weft"
