"""Answers what the palette asks: rows at once, and once more with shapes where a wire waits and Keras can be asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..compiler.catalogue import catalogue
from ..compiler.nesting.network_kinds import kind_of_network
from ..compiler.nesting.references import networks_by_name
from ..compiler.specs import TensorSpec
from ..runtime.host import TaskFailed
from .notebook_networks import own_kinds
from .open_notebook import OpenNotebook
from .palette_search import Row, search
from .preview_shapes import preview_shapes

if TYPE_CHECKING:
    from ..compiler.pipeline import ShapeOracle

_log = logging.getLogger(__name__)

_LONGEST_TEXT = 200


class PaletteRequests:
    """The palette of one canvas. Shapes for a question that is no longer the latest are not sent."""

    def __init__(self, open_notebook: OpenNotebook, send: Callable[[dict[str, Any]], None]) -> None:
        self._notebook = open_notebook
        self._send = send
        self._latest = 0

    def answer(self, request: int, text: str, source: Any, network: str) -> None:
        """As `_answer`, with the layers of the notebook's own code among the kinds."""
        with own_kinds(self._notebook.notebook):
            self._answer(request, text, source, network)

    def _answer(self, request: int, text: str, source: Any, network: str) -> None:
        """`source` is the end of the wire at hand, `{node, port, side}`, or None; `network` the cell's name."""
        self._latest = request
        end = source if isinstance(source, dict) else {}
        needs = "" if not end else "outputs" if end.get("side") == "in" else "inputs"
        rows = [*self._networks(text, needs, network), *search(text[:_LONGEST_TEXT], catalogue(), needs=needs)]
        self._send_rows(request, rows)
        oracle = self._notebook.oracle
        if needs != "inputs" or oracle is None:
            return
        known = self._notebook.shapes.get(network, {}).get(str(end.get("node")))
        spec = known.outputs.get(str(end.get("port"))) if known else None
        if spec is not None and spec.shape:
            arguments = request, rows, spec, oracle
            threading.Thread(target=self._preview, args=arguments, name="palette shapes", daemon=True).start()

    def _networks(self, text: str, needs: str, around: str) -> list[Row]:
        """The notebook's own networks whose name begins with the text or has a word that does."""
        words = text.lower().split()
        rows = []
        for name, cell in networks_by_name(self._notebook.notebook).items() if words else ():
            kind = kind_of_network(cell)
            fits = name.lower().startswith(text.lower().strip()) or any(
                part.startswith(words[0]) for part in name.lower().split()
            )
            if fits and name != around and (not needs or getattr(kind, needs)):
                rows.append(Row(kind.name, kind.family))
        return rows

    def _preview(self, request: int, rows: list[Row], spec: TensorSpec, oracle: ShapeOracle) -> None:
        try:
            with own_kinds(self._notebook.notebook):
                seen = preview_shapes(rows, spec, oracle)
        except TaskFailed as error:
            # The rows are there already; only their shapes are missing.
            _log.info("no shapes for the palette: %s", error)
            return
        if request == self._latest:
            self._send_rows(request, seen)

    def _send_rows(self, request: int, rows: list[Row]) -> None:
        self._send({"type": "results", "request": request, "rows": [row.to_json() for row in rows]})
