"""A network as a picture: nodes, wires with their shapes, frames and notes, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from ..compiler.auto_layout import NODE_WIDTH, node_height
from ..compiler.catalogue import catalogue
from ..compiler.document import Mark, NetworkCell, Node, Position
from ..compiler.wire_points import points_of
from .picture_wires import HEAD, through, way
from .theme import Mode, colour, properties

Shapes = Mapping[str, Mapping[str, list[int | None]]]

_MARGIN = 40
_SCALE = 2.0
# A picture of more is of no use to anybody, and would not fit into memory.
_MOST_PIXELS = 40e6
_MARKS = {
    "grey": "text-3", "blue": "family-core", "green": "family-recurrent", "orange": "family-merging",
    "red": "family-regularization", "violet": "family-attention",
}  # fmt: skip


def network_picture(network: NetworkCell, shapes: Shapes, mode: Mode = "light") -> Image.Image:
    """The drawing of a network. `shapes` are those of each node's outputs by port, as far as they are known."""
    return _Drawing(network, shapes, mode).draw()


def shape_words(shape: list[int | None] | None) -> str:
    """`· x 28 x 28 x 3`: as on the canvas, in letters that the picture's typeface has."""
    if not shape:
        return ""
    unknown = ["·", *["?"] * len(shape)]
    return " x ".join(unknown[axis] if size is None else str(size) for axis, size in enumerate(shape))


class _Drawing:
    def __init__(self, network: NetworkCell, shapes: Shapes, mode: Mode) -> None:
        self._network, self._shapes = network, shapes
        self._mode: Mode = mode
        self._boxes = {id_: self._box(id_, node) for id_, node in network.nodes.items()}
        boxes = [*self._boxes.values(), *(_mark_box(mark) for mark in network.marks.values())] or [(0, 0, 1, 1)]
        self._left = min(box[0] for box in boxes) - _MARGIN
        self._top = min(box[1] for box in boxes) - _MARGIN
        width = max(box[2] for box in boxes) + _MARGIN - self._left
        height = max(box[3] for box in boxes) + _MARGIN - self._top
        self._scale = min(_SCALE, sqrt(_MOST_PIXELS / (width * height)))
        size = max(1, round(width * self._scale)), max(1, round(height * self._scale))
        self._image = Image.new("RGB", size, self._colour("bg"))
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def draw(self) -> Image.Image:
        for mark in sorted(self._network.marks.values(), key=lambda mark: mark.kind != "frame"):
            if mark.kind != "point":
                self._draw_mark(mark)
        for id_, wire in self._network.wires.items():
            if wire.source.node in self._boxes and wire.target.node in self._boxes:
                self._draw_wire(id_, wire.source.node, wire.source.port, wire.target.node)
        for id_, node in self._network.nodes.items():
            self._draw_node(id_, node)
        return self._image

    def _box(self, id_: str, node: Node) -> tuple[float, float, float, float]:
        x, y = self._network.layout.get(id_, Position(0, 0))
        return x, y, x + NODE_WIDTH, y + node_height(node, catalogue())

    def _colour(self, name: str, share: float = 1.0) -> tuple[int, ...]:
        text = colour(name, self._mode)
        return (*(int(text[i : i + 2], 16) for i in (1, 3, 5)), round(255 * share))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self._left) * self._scale, (y - self._top) * self._scale

    def _text(self, x: float, y: float, text: str, size: float, name: str, width: float, anchor: str = "lm") -> None:
        """Writes as much of a text as has room."""
        font = ImageFont.load_default(max(4.0, size * self._scale))
        while text and font.getlength(text) > width * self._scale:
            text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
        self._pen.text(self._at(x, y), text, self._colour(name), font, anchor)

    def _rounded(self, box: tuple[float, float, float, float], fill: Any, line: Any) -> None:
        corners = [*self._at(box[0], box[1]), *self._at(box[2], box[3])]
        self._pen.rounded_rectangle(corners, 10 * self._scale, fill, line, max(1, round(self._scale)))

    def _draw_node(self, id_: str, node: Node) -> None:
        left, top, right, bottom = self._boxes[id_]
        kind = catalogue().kinds.get(node.kind)
        family = "boundary" if kind and kind.group == "boundary" else (kind.family if kind else "operations")
        family = f"family-{family.split(':')[0].lower()}"
        family = family if f"--wf-{family}" in properties(self._mode) else "text-3"
        self._rounded((left, top, right, bottom), self._colour("surface"), self._colour("line-2"))
        icon = left + 10, top + 10, left + 38, top + 38
        self._rounded(icon, self._colour(family, 0.16), None)
        self._text(left + 24, top + 24, node.kind[:1].upper(), 14, family, 28, "mm")
        self._text(left + 48, top + 18, node.label or node.kind, 13, "text", NODE_WIDTH - 60)
        words = " · ".join(_words(value) for value in node.params.values())
        self._text(left + 48, top + 35, " ".join(filter(None, (node.label and node.kind, words))), 11, "text-2", 164)
        line = [*self._at(left, bottom - 28), *self._at(right, bottom - 28)]
        self._pen.line(line, self._colour("line"), max(1, round(self._scale)))
        shape = next(iter(self._shapes.get(id_, {}).values()), None)
        self._text(left + 12, bottom - 14, shape_words(shape) or "–", 11, "text-2", NODE_WIDTH - 24)

    def _draw_wire(self, id_: str, source: str, port: str, target: str) -> None:
        start = self._boxes[source][2], self._boxes[source][1] + HEAD / 2
        end = self._boxes[target][0], self._boxes[target][1] + HEAD / 2
        led = points_of(self._network, id_)
        points = through(start, led, end) if led else way(start, end)
        thick = max(1, round(1.5 * self._scale))
        self._pen.line([self._at(*point) for point in points], self._colour("text-3"), thick, "curve")
        words = shape_words(self._shapes.get(source, {}).get(port))
        if words and end[0] - start[0] > 8 * len(words):
            x, y = points[len(points) // 2] if led else ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            half = 3.2 * len(words) + 6
            self._rounded((x - half, y - 9, x + half, y + 9), self._colour("surface"), self._colour("line"))
            self._text(x, y, words, 10.5, "text-2", 2 * half, "mm")

    def _draw_mark(self, mark: Mark) -> None:
        name = _MARKS.get(mark.colour, _MARKS["grey"])
        self._rounded(_mark_box(mark), self._colour(name, 0.1), self._colour(name, 0.5))
        size, rows = (15, mark.text.split("\n")[:1]) if mark.kind == "frame" else (13, mark.text.split("\n"))
        for row, text in enumerate(rows):
            self._text(
                mark.x + 12,
                mark.y + 17 + 18 * row,
                text,
                size,
                name if mark.kind == "frame" else "text",
                mark.width - 24,
            )


def _mark_box(mark: Mark) -> tuple[float, float, float, float]:
    return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("kind", "…"))
    if isinstance(value, list):
        return "x".join("?" if item is None else str(item) for item in value)
    return str(value)
