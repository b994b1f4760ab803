"""The messages between one canvas in one browser tab and the notebook it shows. Knows neither Panel nor sockets.

Browser → server: ready, enter, gesture, undo, redo, fix, layout, nest, paste, search, select, picture. Server →
browser: snapshot, networks, changed, refused, status, history, results, picture, told, show. The browser shows its own
gestures at once, keeps them until they are acknowledged (`changed` with their number, `refused`, or a snapshot that
says they are in it), and sends them again after a lost connection. What was applied before is acknowledged again and
not applied twice; what is not on the disk yet, because the disk is full, is acknowledged when it is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from ..compiler.catalogue import catalogue
from ..compiler.changes import Change, ChangeError, MoveNodes, RemoveMark, RestoreRecords, changes_from_json
from ..compiler.document import NetworkCell, Notebook
from ..compiler.passes.resolve_kinds import ALLOW
from ..compiler.records import record_to_json
from ..compiler.specs import NodeShapes
from ..compiler.wire_points import point_ids_between
from .app_state import app_state
from .arrange import arranged
from .backbones import bring, missing
from .browser_kinds import browser_kinds
from .canvas_place import Place, place_of
from .code_consent import allow_all, held_code
from .findings import with_ids
from .nested_edits import nested_edit
from .network_status import NetworkStatus, network_status
from .notebook_networks import networks_mark, networks_message, own_kinds, same_mark
from .notices import Applied, Changed, CodeAllowed, JsonRecord, Kept, Notice, Refused, Reply, StatusChanged
from .open_notebook import OpenNotebook
from .palette_requests import PaletteRequests
from .picture_requests import send_picture

Message = dict[str, Any]

_log = logging.getLogger(__name__)

_UNREADABLE = "this edit could not be read; reload the page"


class TabConnection:
    """One canvas of one tab. `send` takes a message for the browser, from any thread.

    Gestures are numbered by tab and network, since one page may show several networks; undo goes by tab.
    """

    def __init__(self, open_notebook: OpenNotebook, cell_id: str, tab: str, send: Callable[[Message], None]) -> None:
        self.tab = tab
        self.selected: tuple[str, ...] = ()
        self._notebook = open_notebook
        self._cell_id = cell_id
        self._send = send
        self._lock = threading.RLock()
        self._ready = False
        self._has_kinds = False
        self._steps: tuple[str, ...] = ()
        self._place_told: Message = {}
        self._shown = cell_id
        self._networks: tuple[Any, ...] = ()
        self._networks_told: Message = {}
        self._seen_revision = 0
        self._status = NetworkStatus()
        self._history: tuple[str | None, str | None] | None = None
        # The layers of the notebook's own code that the browser was told of.
        self._own_kinds: set[str] = set()
        self._palette = PaletteRequests(open_notebook, send)
        self._asked_before: set[int] = set()
        self._unkept: set[int] = set()
        self._unsubscribe = open_notebook.subscribe(self._hear)

    def receive(self, message: Message) -> None:
        """Takes a message of the browser. Whatever it holds, this does not raise."""
        with own_kinds(self._notebook.notebook):
            self._receive(message)

    def _receive(self, message: Message) -> None:
        match message:
            case {"type": "ready"}:
                self._open(message.get("tab"), message.get("steps"), message.get("waiting"))
            case {"type": "enter", "steps": list(steps)}:
                self._open(self.tab, steps)
            case {
                "type": "gesture" | "undo" | "redo" | "fix" | "layout" | "nest" | "paste",
                "sequence": int(sequence),
            } if sequence > 0:
                if not self._ask_for_missing(sequence):
                    self._answer(sequence, self._carry_out(sequence, message))
            case {"type": "search", "request": int(), "text": str()}:
                cell = self._cell()
                if cell is not None:
                    self._palette.answer(message, cell, self._shapes())
            case {"type": "picture"}:
                self._send_picture(message.get("mode"))
            case {"type": "select"}:
                nodes = message.get("nodes")
                self.selected = tuple(map(str, nodes)) if isinstance(nodes, list) else ()
            case _:
                _log.warning("a message of the browser was not understood: %.200r", message)

    def _send_picture(self, mode: Any) -> None:
        cell = self._cell()
        if cell is not None:
            send_picture(self._send, self._notebook.notebook, cell, self._status.nodes, mode)

    def close(self) -> None:
        """Stops listening; the tab is gone."""
        self._unsubscribe()

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        """The name of the network that is shown, and the steps that led to it."""
        cell = self._cell()
        return (cell.name if cell else ""), self._steps

    def show(self, steps: tuple[str, ...], nodes: tuple[str, ...]) -> None:
        """Goes to the network that the steps lead to, and has the browser select these nodes of it."""
        if steps != self._steps:
            with own_kinds(self._notebook.notebook):
                self._open(self.tab, list(steps))
        self._send({"type": "show", "nodes": list(nodes)})

    @property
    def sender(self) -> str:
        return f"{self.tab}:{self._cell_id}"

    def _open(self, tab: Any, steps: Any = None, waiting: Any = None) -> None:
        """Shows the network that the steps lead to; without steps the one that is shown already. `waiting` are the
        numbers that the browser has no answer to; the snapshot acknowledges those that were applied."""
        if isinstance(steps, list):
            self._steps = tuple(map(str, steps))
        if isinstance(tab, str) and 0 < len(tab) <= 100:
            self.tab = tab
        for sequence in waiting if isinstance(waiting, list) else ():
            if isinstance(sequence, int) and (refused := self._notebook.refusal(self.sender, sequence)):
                self._answer(sequence, refused)
        with self._lock:
            notebook, revision = self._notebook.present()
            place = self._place(notebook)
            if place is None:
                return
            cell, self._steps = place.cell, place.steps
            snapshot: Message = {
                "type": "snapshot",
                "revision": revision,
                "cell": {
                    "id": cell.id,
                    "name": cell.name,
                    "nodes": {id_: record_to_json(node) for id_, node in cell.nodes.items()},
                    "wires": {id_: record_to_json(wire) for id_, wire in cell.wires.items()},
                    "layout": {id_: list(place) for id_, place in cell.layout.items()},
                    "marks": {id_: record_to_json(mark) for id_, mark in cell.marks.items()},
                },
                "unacknowledged_ok": self._notebook.last_kept(self.sender),
                "numbered": self._notebook.last_answered(self.sender),
                "place": place.message(),
            }
            self._networks_told, self._networks = self._networks_message(notebook, cell), networks_mark(notebook)
            snapshot["networks"] = self._networks_told
            self._place_told = place.message()
            self._shown = cell.id
            if not self._has_kinds:
                snapshot["kinds"] = browser_kinds()
                self._has_kinds = True
            self._ready = True
            self._seen_revision = revision
            self._history = None
            self._send(snapshot)
            self._status = network_status(cell, self._notebook.findings, self._notebook.problems, place)
            self._send(self._status.message())
            self._tell_history()

    def _place(self, notebook: Notebook | None = None) -> Place | None:
        notebook = notebook or self._notebook.notebook
        root = next((cell for cell in notebook.cells if cell.id == self._cell_id), None)
        return place_of(notebook, root, self._steps) if isinstance(root, NetworkCell) else None

    def _cell(self, notebook: Notebook | None = None) -> NetworkCell | None:
        """The network that is shown."""
        place = self._place(notebook)
        return place.cell if place else None

    def _networks_message(self, notebook: Notebook, shown: NetworkCell | None) -> Message:
        return networks_message(notebook, self._own_kinds, shown.name if shown else "")

    def _tell_networks(self, notebook: Notebook) -> None:
        mark = networks_mark(notebook)
        if not same_mark(mark, self._networks):
            self._networks = mark
            message = self._networks_message(notebook, self._cell(notebook))
            # Most edits leave what others see of a network as it is.
            if message != self._networks_told:
                self._networks_told = message
                self._send(message)

    def _ask_for_missing(self, sequence: int) -> bool:
        """Where gestures before this one were lost on the way: a snapshot makes the browser send them all again, in
        order. Asked once for each number, since what is missing may be gone for good."""
        if sequence <= self._notebook.last_answered(self.sender) + 1:
            self._asked_before.clear()
            return False
        if sequence in self._asked_before:
            return False
        self._asked_before.add(sequence)
        self._open(self.tab)
        return True

    def _carry_out(self, sequence: int, message: Message) -> Reply:
        asked = {key: value for key, value in message.items() if key not in ("tab", "sequence", "revision")}
        known = self._notebook.answered(self.sender, sequence, asked)
        if known:
            return known
        try:
            match message["type"]:
                case "undo" | "redo" as step:
                    take = self._notebook.undo if step == "undo" else self._notebook.redo
                    return take(self.tab, sequence, sender=self.sender, asked=asked)
                case _:
                    label, changes = self._changes(message)
            merge = message.get("merge") is True
            wanted = missing(self._notebook.notebook, changes)
            reply = self._notebook.perform(
                self.tab, sequence, label, changes, sender=self.sender, asked=asked, merge=merge
            )
            for name in wanted if isinstance(reply, Applied) else ():
                bring(self._notebook, app_state().host, self.tab, name)
            return reply
        except ChangeError as error:
            return Refused(str(error), self._notebook.revision, sequence)
        except Exception:
            # A fault of ours; left unanswered, the browser would send the same again and again.
            _log.exception("a gesture failed")
            return Refused("this edit could not be carried out", self._notebook.revision, sequence)

    def _changes(self, message: Message) -> tuple[str, list[Change]]:
        """The label and the changes that a message asks for. Raises ChangeError."""
        match message:
            case {"type": "fix", "problem": problem_id, "fix": int(index)}:
                problem = with_ids(self._notebook.problems).get(str(problem_id))
                if problem is None or not 0 <= index < len(problem.fixes):
                    raise ChangeError("this problem is no longer there")
                fix = problem.fixes[index]
                if fix.title == ALLOW and not allow_all(self._notebook):
                    return fix.title, list(held_code(self._notebook.notebook))
                return fix.title, list(fix.changes)
            case {"type": "layout"}:
                cell = self._cell()
                if cell is None:
                    raise ChangeError("this cell is no longer there")
                nodes = message.get("nodes")
                chosen = [id_ for id_ in nodes if isinstance(id_, str)] if isinstance(nodes, list) else []
                places = arranged(cell, catalogue(), chosen, str(message.get("direction")))
                move = MoveNodes(cell=cell.id, positions=places)
                # Points that led a wire around what stood there would only lead it astray.
                points = [RemoveMark(cell=cell.id, id=id_) for id_ in point_ids_between(cell, places)]
                return "Arrange the selection" if chosen else "Arrange all", [move, *points]
            case {"type": "nest" | "paste"}:
                cell = self._cell()
                if cell is None:
                    raise ChangeError("this cell is no longer there")
                shapes = self._shapes()
                return nested_edit(self._notebook.notebook, cell, shapes, message)
            case {"type": "gesture", "changes": list(items)}:
                changes = changes_from_json(items)
                if any(isinstance(change, RestoreRecords) for change in changes):
                    raise ChangeError(_UNREADABLE)
                return str(message.get("label") or "Edit")[:200], changes
        raise ChangeError(_UNREADABLE)

    def _shapes(self) -> dict[str, NodeShapes]:
        """What is known of the nodes that are shown."""
        place = self._place()
        return place.shapes(self._notebook.shapes.get(place.root.name, {})) if place else {}

    def _answer(self, sequence: int, reply: Reply) -> None:
        """Answers what the notices do not: `changed` has acknowledged every gesture that was applied just now."""
        match reply:
            case Refused(reason=reason, records=records):
                self._send(
                    {
                        "type": "refused",
                        "tab": self.tab,
                        "sequence": sequence,
                        "reason": reason,
                        "records": self._own(records),
                        "revision": reply.revision,
                    }
                )
            case Applied(duplicate=True, kept=False):
                self._unkept.add(sequence)
            case Applied(duplicate=True, records=records):
                self._send_changed(reply.revision, self.tab, sequence, records)

    def _hear(self, notice: Notice) -> None:
        with self._lock, own_kinds(self._notebook.notebook):
            if not self._ready:
                return
            match notice:
                case Changed():
                    self._tell_changed(notice)
                case Kept():
                    while self._unkept:
                        self._send_changed(self._seen_revision, self.tab, self._unkept.pop(), ())
                case StatusChanged():
                    self._tell_status()
                case CodeAllowed():
                    self._tell_networks(self._notebook.notebook)

    def _tell_changed(self, notice: Changed) -> None:
        own = notice.sender == self.sender
        # What the snapshot already shows must not be shown again as it was before.
        records = notice.records if notice.revision > self._seen_revision else ()
        if own or self._own(records):
            if own and not notice.kept:
                self._unkept.add(notice.sequence)
            sequence = notice.sequence if own and notice.kept else None
            self._send_changed(notice.revision, notice.tab, sequence, records)
        notebook = self._notebook.notebook
        self._tell_networks(notebook)
        place = self._place(notebook)
        if place is not None and (place.steps, place.message()) != (self._steps, self._place_told):
            # The way in has changed: a node on it was renamed, repeated more often, or is gone.
            self._open(self.tab, list(place.steps))
        self._tell_history()

    def _send_changed(self, revision: int, tab: str, sequence: int | None, records: tuple[JsonRecord, ...]) -> None:
        self._send(
            {
                "type": "changed",
                "revision": revision,
                "tab": tab,
                "sequence": sequence,
                "records": self._own(records),
            }
        )

    def _own(self, records: tuple[JsonRecord, ...]) -> list[list[Any]]:
        return [[list(address), value] for address, value in records if len(address) == 3 and address[0] == self._shown]

    def _tell_status(self) -> None:
        place = self._place()
        if place is None:
            return
        status = network_status(place.cell, self._notebook.findings, self._notebook.problems, place)
        message = status.message_since(self._status)
        self._status = status
        if message:
            self._send(message)

    def _tell_history(self) -> None:
        labels = self._notebook.undo_label(self.tab), self._notebook.redo_label(self.tab)
        if labels != self._history:
            self._history = labels
            self._send({"type": "history", "undo": labels[0], "redo": labels[1]})
