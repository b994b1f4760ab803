"""Stands before every request of the server: pages, their resources and websockets alike.

A Tornado application asks `find_handler` for everything that comes in; what is refused here never reaches Panel.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import Application, OutputTransform, RequestHandler

from .folder_paths import PathRefused, notebook_path
from .security import Gatekeeper, Refusal

# Nothing from another place, ever; inline scripts and styles are how Panel builds its pages.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
        "style-src 'self' 'unsafe-inline' blob: data:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self' ws: data: blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Weftwork</title>
<meta name="color-scheme" content="light dark">
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em">
<h1 style="font-size: 1.4em">{title}</h1><p>{text}</p></body></html>"""

_HOW_TO_GET_IN = (
    "Open the whole address that <code>weftwork</code> printed when it was started: it ends in "
    "<code>?token=…</code> and lets this browser in."
)


def stand_before(application: Application, gatekeeper: Gatekeeper, folder: Path) -> None:
    """Puts the gatekeeper before the application, and our headers on everything it answers."""
    find = application.find_handler

    def find_handler(request: HTTPServerRequest, **kwargs: Any) -> Any:
        target, arguments = _judge(request, gatekeeper, folder)
        if target is None:
            return find(request, **kwargs)
        return application.get_handler_delegate(request, target, arguments)

    application.find_handler = find_handler
    application.add_transform(_Headers)


def _judge(
    request: HTTPServerRequest, gatekeeper: Gatekeeper, folder: Path
) -> tuple[type[RequestHandler] | None, dict[str, Any]]:
    headers = request.headers
    websocket = headers.get("Upgrade", "").lower() == "websocket" or request.path.endswith("/ws")
    hosts, origins = headers.get_list("Host"), headers.get_list("Origin")
    # Two of a kind are a way to tell two readers two things.
    refusal = (
        Refusal(400, "The request contradicts itself.")
        if len(hosts) > 1 or len(origins) > 1
        else gatekeeper.check_sender(hosts[0] if hosts else None, origins[0] if origins else None, websocket=websocket)
    )
    if refusal:
        return _Refused, {"refusal": refusal}
    query = parse_qsl(request.query, keep_blank_values=True)
    token = next((value for name, value in query if name == "token"), None)
    if token is not None and not websocket and request.method in ("GET", "HEAD") and gatekeeper.knows(token):
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        # One leading slash: two would name another server.
        address = "/" + request.path.lstrip("/\\") + (f"?{rest}" if rest else "")
        return _Exchange, {"gatekeeper": gatekeeper, "address": address}
    if not gatekeeper.admits({name: morsel.value for name, morsel in request.cookies.items()}):
        return _Refused, {"refusal": Refusal(403, _HOW_TO_GET_IN), "title": "This browser is not known here"}
    for name in (value for key, value in query if key == "file"):
        try:
            notebook_path(folder, name)
        except PathRefused as error:
            return _Refused, {"refusal": Refusal(403, str(error))}
    return None, {}


class _Headers(OutputTransform):
    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        for name, value in HEADERS.items():
            headers[name] = value
        return status_code, headers, chunk


class _Refused(RequestHandler):
    """Answers every method alike, with a plain page."""

    def initialize(self, refusal: Refusal, title: str = "Weftwork refuses this request") -> None:
        self._refusal, self._title = refusal, title

    def prepare(self) -> None:
        self.set_status(self._refusal.status)
        self.set_header("Cache-Control", "no-store")
        text = self._refusal.reason
        self.finish(_PAGE.format(title=html.escape(self._title), text=text))

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here that would need it."""


class _Exchange(RequestHandler):
    """Takes the token out of the address and gives a cookie for it."""

    def initialize(self, gatekeeper: Gatekeeper, address: str) -> None:
        self._gatekeeper, self._address = gatekeeper, address

    def get(self) -> None:
        self.set_cookie(
            self._gatekeeper.cookie_name,
            self._gatekeeper.new_cookie(),
            httponly=True,
            samesite="Strict",
            path="/",
        )
        self.set_header("Cache-Control", "no-store")
        if self.request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            # The link was on another site's page (a mail, a web terminal): a redirect would still count as coming
            # from there and leave the strict cookie out. A page that goes on by itself is ours.
            address = html.escape(self._address)
            self.finish(f'<!doctype html><meta http-equiv="refresh" content="0;url={address}"><title>Weftwork</title>')
        else:
            self.redirect(self._address)

    head = get
