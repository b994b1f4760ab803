"""A browser's side of the gesture protocol, and a connection that loses what is on its way.

Does what editor/canvas/src/model does: shows its own gestures at once (not needed here), keeps them until they are
acknowledged, sends them again, and takes the server's records as the truth.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from weftwork.editor.gestures import Message, TabConnection
from weftwork.editor.open_notebook import OpenNotebook


class SimulatedBrowser:
    """One tab on one network. Messages wait in `to_server` and `to_browser` until `deliver` is called."""

    def __init__(self, notebook: OpenNotebook, cell_id: str, tab: str) -> None:
        self.cell_id, self.tab = cell_id, tab
        self.sequence = 0
        self.waiting: list[Message] = []
        self.records: dict[str, dict[str, Any]] = {"nodes": {}, "wires": {}, "layout": {}, "marks": {}}
        self.status: dict[str, Any] = {}
        self.problems: list[dict[str, Any]] = []
        self.totals: dict[str, Any] = {}
        self.history: dict[str, Any] = {}
        self.rows: list[dict[str, Any]] = []
        self.refusals: list[str] = []
        self.settled: list[int] = []
        self.to_server: deque[Message] = deque()
        self.to_browser: deque[Message] = deque()
        self.online = False
        self.connection: TabConnection | None = None
        self.connect(notebook)

    def connect(self, notebook: OpenNotebook) -> None:
        """A page load, or the way back after a lost connection or a restart of the server."""
        if self.connection:
            self.connection.close()
        self.to_browser.clear()
        self.connection = TabConnection(notebook, self.cell_id, self.tab, self.receive)
        self.online = True
        self.ready()

    def ready(self) -> None:
        self.send({"type": "ready", "tab": self.tab, "waiting": [one["sequence"] for one in self.waiting]})

    def receive(self, message: Message) -> None:
        """What the server sends must survive JSON, as on a real socket; the catalogue does, and is large."""
        kinds = {"kinds": message.pop("kinds")} if "kinds" in message else {}
        self.to_browser.append({**json.loads(json.dumps(message)), **kinds})

    def lose_connection(self) -> None:
        """Everything on its way is gone, in both directions."""
        self.to_server.clear()
        self.to_browser.clear()
        self.online = False

    def come_back(self) -> None:
        """The socket is there again; the server's side never noticed."""
        self.online = True
        self.ready()

    def send(self, message: Message) -> None:
        if self.online:
            self.to_server.append(json.loads(json.dumps(message)))

    def post(self, message: Message) -> None:
        self.sequence += 1
        message = {**message, "tab": self.tab, "sequence": self.sequence, "revision": 0}
        self.waiting.append(message)
        self.send(message)

    def gesture(self, label: str, *changes: Any) -> None:
        self.post(
            {"type": "gesture", "label": label, "changes": [change.model_dump(mode="json") for change in changes]}
        )

    def resend(self) -> None:
        for message in self.waiting:
            self.send(message)

    def deliver(self, count: int | None = None) -> None:
        """Passes messages on, one after the other, until `count` or none are left."""
        while (self.to_server or self.to_browser) and (count is None or count > 0):
            if count is not None:
                count -= 1
            if self.to_server:
                assert self.connection
                self.connection.receive(self.to_server.popleft())
            if self.to_browser:
                self.take(self.to_browser.popleft())

    def take(self, message: Message) -> None:
        match message["type"]:
            case "snapshot":
                cell = message["cell"]
                self.records = {part: cell[part] for part in ("nodes", "wires", "layout", "marks")}
                applied = message["unacknowledged_ok"]
                self.waiting = [one for one in self.waiting if one["sequence"] > applied]
                self.sequence = max(self.sequence, applied, message["numbered"])
                self.resend()
            case "changed":
                if message["tab"] == self.tab:
                    self.settle(message["sequence"])
                self.put(message["records"])
            case "refused":
                self.settle(message["sequence"])
                self.put(message["records"])
                self.refusals.append(message["reason"])
            case "status":
                if message.get("full"):
                    self.status = {}
                for id_, status in message.get("nodes", {}).items():
                    if status is None:
                        self.status.pop(id_, None)
                    else:
                        self.status[id_] = status
                self.problems = message.get("problems", self.problems)
                self.totals = message.get("totals", self.totals)
            case "history":
                self.history = {"undo": message["undo"], "redo": message["redo"]}
            case "results":
                self.rows = message["rows"]

    def settle(self, sequence: int | None) -> None:
        self.settled += [one["sequence"] for one in self.waiting if one["sequence"] == sequence]
        self.waiting = [one for one in self.waiting if one["sequence"] != sequence]

    def put(self, changed: list[Any]) -> None:
        self.records = {part: dict(records) for part, records in self.records.items()}
        for (cell_id, part, id_), value in changed:
            assert cell_id == self.cell_id
            if value is None:
                self.records[part].pop(id_, None)
            else:
                self.records[part][id_] = value
