"""A part of a network from the clipboard, with the networks that its nodes stand for. Pure.

The canvas writes the text (editor/canvas/src/model/pieces.js).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..cell_graph import fresh_name
from ..changes import AddCell, AddNode, Change, ChangeError, Connect
from ..document import NetworkCell, Node, Notebook, Position, Source, Target, Wire, new_id
from ..wire_points import led_through, moved_marks, point_marks, put_marks
from .references import network_kind, network_name, networks_by_name, used_networks

MARK = "weftwork/nodes"
_OFFSET = 32


def pasted(
    notebook: Notebook, cell: NetworkCell, text: str, offset: tuple[float, float] = (_OFFSET, _OFFSET)
) -> tuple[list[Change], list[str]]:
    """The changes that put a piece into a network, and the ids of its new nodes. A network that the notebook has
    already, under whatever name, is used; the others come along. Raises ChangeError for a text that is no piece."""
    piece, definitions = _read(text)
    changes: list[Change] = []
    names = _bring(notebook, cell, definitions, changes)
    piece = piece.model_copy(update=_renamed(piece, names))
    ids = _fresh(piece.nodes, cell)
    for id_, node in sorted(piece.nodes.items(), key=lambda item: item[1].shares is not None):
        shares = ids.get(node.shares or "") or (node.shares if node.shares in cell.nodes else None)
        place = piece.layout.get(id_, Position(0, 0))
        changes.append(
            AddNode(
                cell=cell.id,
                id=ids[id_],
                node=node.model_copy(update={"shares": shares}),
                position=Position(place.x + offset[0], place.y + offset[1]),
            )
        )
    wire_ids = _fresh(dict.fromkeys(piece.wires, Node(kind="wire")), cell)
    marks, points, by = {*cell.marks}, list[Change](), Position(*offset)
    for id_, wire in piece.wires.items():
        if wire.source.node in ids and wire.target.node in ids:
            source = Source(ids[wire.source.node], wire.source.port)
            target = Target(ids[wire.target.node], wire.target.port, wire.target.position)
            changes.append(Connect(cell=cell.id, id=wire_ids[id_], wire=Wire(source=source, target=target)))
            points += led_through(cell.id, wire_ids[id_], moved_marks(point_marks(piece, id_), by), marks)
    beside = [(id_, mark) for id_, mark in piece.marks.items() if mark.kind != "point"]
    changes += put_marks(cell.id, moved_marks(beside, by), marks)
    return [*changes, *points], list(ids.values())


def _read(text: str) -> tuple[NetworkCell, dict[str, NetworkCell]]:
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("type") != MARK:
            raise ChangeError("this is nothing that Weftwork copied, so it was not pasted")
        parts = {part: content.get(part) or {} for part in ("nodes", "wires", "layout", "marks")}
        piece = NetworkCell.model_validate({"id": "piece", "name": "piece", **parts})
        given = content.get("definitions") or {}
        definitions = {str(name): NetworkCell.model_validate(cell) for name, cell in given.items()}
    except (ValueError, ValidationError, AttributeError, RecursionError) as error:
        raise ChangeError("this is nothing that Weftwork copied, so it was not pasted") from error
    return piece, definitions


def _bring(
    notebook: Notebook, into: NetworkCell, definitions: Mapping[str, NetworkCell], changes: list[Change]
) -> dict[str, str]:
    """Adds the networks that are not there; gives each one's name in this notebook."""
    names: dict[str, str] = {}
    # Below: cells that came above would push the canvas away under the hand that draws on it.
    index = next((place for place, other in enumerate(notebook.cells, start=1) if other.id == into.id), 0)
    for name in _innermost_first(definitions):
        cell = definitions[name].model_copy(update=_renamed(definitions[name], names))
        there = networks_by_name(notebook)
        same = [other for other in ([there[name]] if name in there else []) + [*there.values()] if _same(other, cell)]
        if same:
            names[name] = same[0].name
            continue
        names[name] = fresh_name(notebook, name)
        cell = cell.model_copy(update={"id": new_id("network"), "name": names[name]})
        changes.append(AddCell(cell=cell, index=index))
        notebook = notebook.model_copy(update={"cells": (*notebook.cells, cell)})
    return names


def _innermost_first(definitions: Mapping[str, NetworkCell]) -> list[str]:
    order: list[str] = []
    around: set[str] = set()

    def visit(name: str) -> None:
        if name in order or name in around or name not in definitions:
            return
        around.add(name)
        for other in used_networks(definitions[name]):
            visit(other)
        order.append(name)

    for name in definitions:
        visit(name)
    return order


def _renamed(cell: NetworkCell, names: Mapping[str, str]) -> dict[str, Any]:
    if all(names.get(name, name) == name for name in used_networks(cell)):
        return {}
    nodes = {}
    for id_, node in cell.nodes.items():
        name = network_name(node.kind)
        new = names.get(name, name) if name is not None else None
        nodes[id_] = node if new == name or new is None else node.model_copy(update={"kind": network_kind(new)})
    return {"nodes": nodes}


def _same(one: NetworkCell, other: NetworkCell) -> bool:
    return (one.nodes, one.wires, one.parameters) == (other.nodes, other.wires, other.parameters)


def _fresh(records: Mapping[str, Node], cell: NetworkCell) -> dict[str, str]:
    taken, ids = {*cell.nodes, *cell.wires}, dict[str, str]()
    for id_, node in records.items():
        while (ids.setdefault(id_, new_id(node.kind))) in taken:
            ids[id_] = new_id(node.kind)
        taken.add(ids[id_])
    return ids
