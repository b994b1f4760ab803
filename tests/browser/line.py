"""The websocket of a page, for tests that cut it."""

from __future__ import annotations


class Line:
    """The page's websocket, which a test may cut."""

    def __init__(self, page, *, up: bool = True) -> None:
        self.up = up
        self._cut_in_message = False
        self._sockets: list = []
        page.route_web_socket("**/ws**", self._open)

    def _open(self, socket) -> None:
        if not self.up:
            socket.close()
            return
        server = socket.connect_to_server()
        server.on_message(lambda text: self._to_page(socket, text))
        self._sockets.append(socket)

    def _to_page(self, socket, text) -> None:
        if socket not in self._sockets:
            return
        socket.send(text)
        if self._cut_in_message:
            # A message of Bokeh's comes in pieces; this was the first of one.
            self._cut_in_message = False
            self.cut()

    def cut(self) -> None:
        self.up = False
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            socket.close()

    def cut_in_the_next_message(self) -> None:
        """Cuts the line when the first piece of the server's next message has passed."""
        self._cut_in_message = True

    def mend(self) -> None:
        self.up, self._cut_in_message = True, False
