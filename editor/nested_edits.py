"""Edits of networks inside networks that a canvas asks for: the server works out what they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..compiler.changes import Change, ChangeError
from ..compiler.document import NetworkCell, Notebook
from ..compiler.labels import layer_names
from ..compiler.nesting.clipboard import pasted
from ..compiler.nesting.edits import make_unique, promote
from ..compiler.nesting.make_network import make_network
from ..compiler.nesting.unpack import unpack
from ..compiler.specs import NodeShapes

_LONGEST_NAME = 80


def nested_edit(
    notebook: Notebook, cell: NetworkCell, shapes: Mapping[str, NodeShapes], message: Mapping[str, Any]
) -> tuple[str, list[Change]]:
    """The label and the changes of one such edit in `cell`. Raises ChangeError."""
    nodes = [id_ for id_ in message.get("nodes") or () if isinstance(id_, str) and id_ in cell.nodes]
    names = layer_names(cell)
    match message:
        case {"type": "paste", "text": str(text)}:
            changes, ids = pasted(notebook, cell, text)
            return f"Paste {len(ids)} node{'s' if len(ids) != 1 else ''}", changes
        case {"do": "make-network"}:
            name = str(message.get("name") or "").strip()[:_LONGEST_NAME] or "Block"
            return "Make a network", make_network(notebook, cell, nodes, name=name, shapes=shapes)
        case {"do": "unpack"} if nodes:
            return f"Unpack {names[nodes[0]]}", unpack(notebook, cell, nodes[0])
        case {"do": "make-unique"} if nodes:
            return f"Make {names[nodes[0]]} unique", make_unique(notebook, cell, nodes[0])
        case {"do": "promote", "parameter": str(parameter)} if nodes:
            name = str(message.get("name") or "")
            return f"Make {parameter} a parameter", promote(notebook, cell, nodes[0], parameter, name)
    raise ChangeError("this edit could not be read; reload the page")
