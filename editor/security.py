"""Who may talk to the server: only this person's browser, on pages of ours.

The server runs code and writes files, so a request must come under a name of this machine (no DNS rebinding), from
a page of ours (no other site's script), and with the token of the printed address or the cookie it was exchanged for.
Pure: decides on plain values; `gate.py` puts it before every request.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

COOKIE_LIFETIME_S = 7 * 24 * 3600

_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away, in words for the person who may be behind it."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """Checks requests to the server on `port`. `names` are further names under which the browser reaches it."""

    port: int
    names: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def cookie_name(self) -> str:
        # Cookies are shared by all ports of a machine; the port keeps two servers apart.
        return f"weftwork-{self.port}"

    def hosts(self) -> tuple[str, ...]:
        """Every Host header that is ours, in lower case."""
        further = [
            host
            for name in self.names
            for host in ((name,) if urlsplit(f"//{name}").port else (name, f"{name}:{self.port}"))
        ]
        return tuple(host.lower() for host in (*(f"{name}:{self.port}" for name in _LOCAL_NAMES), *further))

    def check_sender(self, host: str | None, origin: str | None, *, websocket: bool) -> Refusal | None:
        """Refuses a request that comes under a foreign name or from a foreign page."""
        if host is None or host.lower() not in self.hosts():
            return Refusal(403, "This address is not one that Weftwork serves.")
        if origin is None:
            # Browsers name the page on every websocket; only then is its absence a sign of something else.
            return Refusal(403, "A websocket must name the page that opens it.") if websocket else None
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or parts.netloc.lower() not in self.hosts():
            return Refusal(403, "Another site's page may not talk to Weftwork.")
        return None

    def admits(self, cookies: Mapping[str, str]) -> bool:
        """Whether the request carries a cookie of ours that has not run out."""
        issued, _, rest = cookies.get(self.cookie_name, "").partition(".")
        nonce, _, signature = rest.partition(".")
        if not hmac.compare_digest(self._signature(issued, nonce).encode(), signature.encode()):
            return False
        return issued.isdigit() and time.time() - int(issued) < COOKIE_LIFETIME_S

    def knows(self, token: str) -> bool:
        """Whether this is the token of the printed address."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def new_cookie(self) -> str:
        """What the token is exchanged for. It outlives the server, so that a tab finds back after a restart."""
        issued, nonce = str(int(time.time())), secrets.token_urlsafe(12)
        return f"{issued}.{nonce}.{self._signature(issued, nonce)}"

    def _signature(self, issued: str, nonce: str) -> str:
        message = f"{self.cookie_name}.{issued}.{nonce}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def kept_secret(folder: Path | None = None) -> bytes:
    """This user's own key for cookies, made when there is none; a fresh one where none can be kept."""
    from platformdirs import user_state_path

    folder = folder or user_state_path("weftwork", appauthor=False)
    path = folder / "cookie-key"
    try:
        content = path.read_bytes()
        if len(content) == 32:
            return content
    except OSError:
        pass
    fresh = secrets.token_bytes(32)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh)
    except OSError:
        # Tabs will have to be opened anew after a restart; nothing else depends on it.
        return fresh
    return fresh
