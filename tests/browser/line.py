"""The websocket of a page, for tests that cut it."""

from __future__ import annotations


class Line:
    """The page's websocket, which a test may cut."""

    def __init__(self, page) -> None:
        self.up = True
        self._sockets: list = []
        page.route_web_socket("**/ws**", self._open)

    def _open(self, socket) -> None:
        if not self.up:
            socket.close()
            return
        socket.connect_to_server()
        self._sockets.append(socket)

    def cut(self) -> None:
        self.up = False
        for socket in self._sockets:
            socket.close()
        self._sockets = []

    def mend(self) -> None:
        self.up = True
