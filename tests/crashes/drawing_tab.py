"""A tab that draws over the wire, keeps what is not acknowledged, and finds back after a crash."""

from __future__ import annotations

import json
from typing import Any

from tests.editor.running_server import RunningServer
from tests.editor.simulated_browser import SimulatedBrowser
from weftwork.compiler.changes import AddNode, Change, MoveNodes, RemoveNode, SetLabel
from weftwork.compiler.document import Node, Position

from .wire import LineGone, Wire


class DrawingTab(SimulatedBrowser):
    """Its edits are all about nodes of its own, so that `expected` says what must be there once all have arrived."""

    def __init__(self, server: RunningServer, file: str, cell_id: str, name: str) -> None:
        self.cell_id, self.tab = cell_id, name
        self.server, self.file = server, file
        self.sequence = 0
        self.waiting, self.refusals, self.settled, self.rows, self.problems = [], [], [], [], []
        self.records: dict[str, dict[str, Any]] = {"nodes": {}, "wires": {}, "layout": {}}
        self.status, self.totals, self.history = {}, {}, {}
        self.online, self.seen = False, False
        self.expected: dict[str, str] = {}
        self.made = 0
        self.acknowledged: dict[str, str] = {}
        self._wanted: dict[int, tuple[str, str | None]] = {}
        self.wire: Wire | None = None

    def load(self) -> None:
        """Loads the page and waits for the drawing. Raises LineGone."""
        self.leave()
        self.wire = Wire(self.server, self.file)
        canvas = next(self.wire.components("Canvas"), None)
        assert canvas is not None, f"the page holds no canvas: {json.dumps(self.wire.document)[-800:]}"
        self.canvas = canvas["id"]
        self.online, self.seen = True, False
        self.ready()
        while not self.seen:
            self.hear()

    def leave(self) -> None:
        self.online = False
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    def send(self, message: dict[str, Any]) -> None:
        if not self.online or self.wire is None:
            return
        try:
            self.wire.say(self.canvas, message)
        except LineGone:
            self.online = False

    def hear(self) -> None:
        """Waits for the server's next message. Raises LineGone."""
        assert self.wire is not None
        self.wire.listen()
        while not self.wire.inbox.empty():
            model, messages = self.wire.inbox.get()
            for message in messages if model == self.canvas else ():
                self.seen = self.seen or message["type"] == "snapshot"
                self.take(message)

    def settle(self, sequence: int | None) -> None:
        super().settle(sequence)
        self._note()

    def _note(self) -> None:
        """Notes what the server has acknowledged."""
        for number in [number for number in self._wanted if number not in {one["sequence"] for one in self.waiting}]:
            node, label = self._wanted.pop(number)
            if label is None:
                self.acknowledged.pop(node, None)
            else:
                self.acknowledged[node] = label

    def take(self, message: dict[str, Any]) -> None:
        if message["type"] == "snapshot":
            self._check(message)
        super().take(message)
        self._note()

    def _check(self, snapshot: dict[str, Any]) -> None:
        """What was acknowledged to this tab is in what the server shows, unless a later edit of its own changed it."""
        nodes = {id_: node["label"] for id_, node in snapshot["cell"]["nodes"].items()}
        still = {node for node, _ in self._wanted.values()}
        for id_, label in self.acknowledged.items():
            assert id_ in still or nodes.get(id_) == label, f"the acknowledged edit of {id_} is lost"

    def edit(self, dice: Any) -> None:
        """One gesture: adds a node, names one, moves one, or removes one."""
        self.made += 1
        own = sorted(self.expected)
        act = dice.choice(["add", "add", "name", "move", "remove"]) if own else "add"
        id_ = dice.choice(own) if act != "add" else f"{self.tab}_{self.made}"
        label = f"{act} {self.made}"
        changes: list[Change] = []
        match act:
            case "add":
                node = Node(kind="Dropout", params={"rate": 0.5}, label=label)
                changes.append(AddNode(cell=self.cell_id, id=id_, node=node, position=Position(dice.random(), 0)))
            case "name":
                changes.append(SetLabel(cell=self.cell_id, node=id_, label=label))
            case "move":
                changes.append(MoveNodes(cell=self.cell_id, positions={id_: Position(self.made, 1)}))
                label = self.expected[id_]
            case "remove":
                changes.append(RemoveNode(cell=self.cell_id, node=id_))
        if act == "remove":
            del self.expected[id_]
        else:
            self.expected[id_] = label
        self._wanted[self.sequence + 1] = id_, None if act == "remove" else label
        self.gesture(f"{act} {self.made}", *changes)

    def quiet(self) -> None:
        """Waits until everything is acknowledged. Raises LineGone."""
        while self.waiting:
            self.hear()
