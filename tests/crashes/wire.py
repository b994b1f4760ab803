"""A browser tab without a browser: speaks Bokeh's protocol over a real websocket to a real server."""

from __future__ import annotations

import asyncio
import json
import queue
import re
import threading
from collections.abc import Iterator
from typing import Any

from bokeh.core.serialization import Serializer
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from tests.editor.running_server import PATIENCE_S, RunningServer


class LineGone(Exception):
    """The server is gone; whatever was on its way is lost."""


class Wire:
    """A page load: its document, what the server sends to its components, and messages to them."""

    def __init__(self, server: RunningServer, file: str) -> None:
        """Raises LineGone."""
        self._messages: queue.Queue[tuple[dict[str, Any], Any] | None] = queue.Queue()
        self._numbers = 0
        self._server, self._file = server, file
        self._loop = asyncio.new_event_loop()
        self._connection: WebSocketClientConnection | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.inbox: queue.Queue[tuple[str, Any]] = queue.Queue()
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        try:
            answer = self._server.get(f"/notebook?file={self._file}")
        except OSError as error:
            raise LineGone from error
        found = re.search(r'"token":"([^"]+)"', answer.body)
        assert found, answer.body[:400]
        asyncio.run_coroutine_threadsafe(self._listen(found[1]), self._loop)
        header, _ = self._next()
        assert header["msgtype"] == "ACK"
        self.document = self._ask("PULL-DOC-REQ", {})["doc"]
        self.event("document_ready", {})

    async def _listen(self, token: str) -> None:
        server = self._server
        headers = {"Cookie": server.cookie, "Origin": f"http://127.0.0.1:{server.port}"}
        request = HTTPRequest(f"ws://127.0.0.1:{server.port}/notebook/ws?file={self._file}", headers=headers)
        try:
            connection = self._connection = await websocket_connect(
                request, subprotocols=["bokeh", token], max_message_size=1 << 28
            )
            while True:
                header, _, content = [json.loads(await self._piece(connection)) for _ in range(3)]
                for _ in range(2 * header.get("num_buffers", 0)):
                    await self._piece(connection)
                self._messages.put((header, content))
        except (LineGone, OSError, WebSocketError, HTTPClientError):
            self._messages.put(None)

    @staticmethod
    async def _piece(connection: WebSocketClientConnection) -> str | bytes:
        piece = await connection.read_message()
        if piece is None:
            raise LineGone
        return piece

    def _next(self) -> tuple[dict[str, Any], Any]:
        message = self._messages.get(timeout=PATIENCE_S)
        if message is None:
            self._messages.put(None)
            raise LineGone
        return message

    def _send(self, type_: str, content: Any) -> str:
        self._numbers += 1
        number = str(self._numbers)
        parts = [json.dumps(part) for part in ({"msgid": number, "msgtype": type_}, {}, content)]
        connection = self._connection
        if connection is None:
            raise LineGone

        async def write() -> None:
            for part in parts:
                await connection.write_message(part)

        try:
            asyncio.run_coroutine_threadsafe(write(), self._loop).result(PATIENCE_S)
        except Exception as error:
            raise LineGone from error
        return number

    def _ask(self, type_: str, content: Any) -> Any:
        number = self._send(type_, content)
        while True:
            header, answer = self._next()
            if header.get("reqid") == number:
                assert header["msgtype"] != "ERROR", answer
                return answer
            self._take(header, answer)

    def _take(self, header: dict[str, Any], content: Any) -> None:
        if header["msgtype"] != "PATCH-DOC":
            return
        for event in content["events"]:
            data = event.get("msg_data") or {}
            if event["kind"] == "MessageSent" and isinstance(data, dict) and data.get("name") == "esm_event":
                values = plain(data["values"])
                self.inbox.put((values["model"]["id"], values["data"]))

    def event(self, name: str, values: dict[str, Any]) -> None:
        """Sends an event of the page, as a browser does. Raises LineGone."""
        data = {"type": "event", "name": name, "values": Serializer().encode(values)}
        self._send("PATCH-DOC", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data}]})

    def say(self, model: str, message: dict[str, Any]) -> None:
        """Sends a message to the component with that id. Raises LineGone."""
        data = Serializer().encode(message)
        values = {"type": "map", "entries": [["model", {"id": model}], ["data", data]]}
        event = {"type": "event", "name": "data_event", "values": values}
        self._send("PATCH-DOC", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}]})

    def listen(self) -> None:
        """Waits for one message of the server and takes it. Raises LineGone."""
        self._take(*self._next())

    def components(self, kind: str) -> Iterator[dict[str, Any]]:
        """The attributes of the page's components of a class, with their `id`."""
        self.document = self._ask("PULL-DOC-REQ", {})["doc"]
        for found in objects(self.document):
            attributes = found.get("attributes", {})
            if attributes.get("class_name") == kind:
                yield {**attributes, "id": found["id"]}

    def close(self) -> None:
        async def leave() -> None:
            if self._connection is not None:
                self._connection.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(leave(), self._loop).result(PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document's JSON."""
    if isinstance(value, dict):
        if "id" in value and "attributes" in value:
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def plain(value: Any) -> Any:
    """Bokeh's JSON as plain data."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        match value.get("type"):
            case "map":
                return {key: plain(item) for key, item in value.get("entries", [])}
            case "number":
                return float(value["value"])
        return {key: plain(item) for key, item in value.items()}
    return value
