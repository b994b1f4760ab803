"""Answers what the palette asks: rows at once, and once more with shapes and reasons where Keras can be asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..compiler.catalogue import catalogue
from ..compiler.document import NetworkCell
from ..compiler.nesting.network_kinds import kind_of_network
from ..compiler.nesting.references import cannot_stand_in, network_name, networks_by_name
from ..compiler.specs import NodeShapes
from ..runtime.host import TaskFailed
from .backbones import backbone_kinds
from .notebook_networks import own_kinds
from .open_notebook import OpenNotebook
from .palette_search import Row, search
from .palette_tensor import TensorHere, tensor_here
from .preview_shapes import preview_shapes

if TYPE_CHECKING:
    from ..compiler.pipeline import ShapeOracle

_log = logging.getLogger(__name__)

_LONGEST_TEXT = 200
_MOST_BACKBONES = 6


class PaletteRequests:
    """The palette of one canvas. Shapes for a question that is no longer the latest are not sent."""

    def __init__(self, open_notebook: OpenNotebook, send: Callable[[dict[str, Any]], None]) -> None:
        self._notebook = open_notebook
        self._send = send
        self._latest = 0

    def answer(self, message: Mapping[str, Any], network: NetworkCell, shapes: Mapping[str, NodeShapes]) -> None:
        """Answers a search in `network`, of whose nodes `shapes` are known: `source` is the end of the wire at hand,
        `{node, port, side}`, or None; `selected` are the chosen nodes, and `swap` says that one of them is to go."""
        with own_kinds(self._notebook.notebook):
            self._answer(message, network, shapes)

    def _answer(self, message: Mapping[str, Any], network: NetworkCell, shapes: Mapping[str, NodeShapes]) -> None:
        request, text, source = message["request"], message["text"], message.get("source")
        self._latest = request
        end = source if isinstance(source, dict) else {}
        needs = "" if not end else "outputs" if end.get("side") == "in" else "inputs"
        known = search(text[:_LONGEST_TEXT], catalogue(), needs=needs)
        rows = [*self._networks(text, needs, network.name), *self._backbones(text, known), *known]
        rows.sort(key=lambda row: bool(row.reason))
        swap = message.get("swap") is True
        # Where nothing is tied to the answer, Enter places what was typed, wherever its row goes.
        best = rows[0].kind if rows and not end and not swap else ""
        self._send_rows(request, rows, best=best)
        chosen = message.get("selected")
        selected = [str(id_) for id_ in chosen] if isinstance(chosen, list) else []
        here = tensor_here(network, shapes, source, selected, swap=swap)
        oracle = self._notebook.oracle
        if here is not None and oracle is not None:
            arguments = request, rows, here, oracle, best
            threading.Thread(target=self._preview, args=arguments, name="palette shapes", daemon=True).start()

    def _networks(self, text: str, needs: str, around: str) -> list[Row]:
        """The notebook's own networks whose name begins with the text or has a word that does."""
        words = text.lower().split()
        rows = []
        networks = networks_by_name(self._notebook.notebook)
        reasons = cannot_stand_in(around, networks)
        for name, cell in networks.items() if words else ():
            kind = kind_of_network(cell)
            fits = name.lower().startswith(text.lower().strip()) or any(
                part.startswith(words[0]) for part in name.lower().split()
            )
            if fits and (not needs or getattr(kind, needs)):
                rows.append(Row(kind.name, kind.family, reason=reasons.get(name, "")))
        return rows

    def _backbones(self, text: str, known: list[Row]) -> list[Row]:
        """The networks of keras.applications whose name begins with the text. Who types `dense` does not mean DenseNet:
        none where the name of a layer does too."""
        begin = text.lower().strip()
        if any(row.kind.lower().startswith(begin) for row in known):
            return []
        kinds = backbone_kinds(cell.name for cell in self._notebook.notebook.cells) if begin else {}
        named = (kind for kind in kinds.values() if str(network_name(kind.name)).lower().startswith(begin))
        return [Row(kind.name, kind.family) for kind in named][:_MOST_BACKBONES]

    def _preview(self, request: int, rows: list[Row], here: TensorHere, oracle: ShapeOracle, best: str) -> None:
        try:
            with own_kinds(self._notebook.notebook):
                seen = preview_shapes(rows, here.spec, oracle)
        except TaskFailed as error:
            # The rows are there already; only their shapes are missing.
            _log.info("no shapes for the palette: %s", error)
            return
        if request == self._latest:
            self._send_rows(request, seen, here.after, best)

    def _send_rows(self, request: int, rows: list[Row], after: str = "", best: str = "") -> None:
        content = [row.to_json() for row in rows]
        self._send({"type": "results", "request": request, "rows": content, "after": after, "best": best})
