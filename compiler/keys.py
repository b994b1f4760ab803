"""Content keys: a hash of what a cell means and of what it uses. Names, labels, layout and prose do not count.

Two states of a notebook with equal keys give equal results, so outputs are kept by key and staleness is derived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .cell_graph import by_name, code_cell_of, in_order, references
from .code.graph import uses_of_code
from .code.kinds import code_kinds
from .document import AnyCell, CodeCell, DataCell, NetworkCell, Notebook, TextCell, UnknownCell
from .nesting.references import definitions_of, network_name, networks_by_name, used_networks

# What a cell is called and how it looks on the page.
NO_MEANING = frozenset({"id", "name", "folded"})

# The keys of the networks that were asked for last, by the very records that they were made from.
_REMEMBERED = 32
_network_keys: dict[tuple[int, int], tuple[Any, Any, str]] = {}


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def network_key(cell: NetworkCell, networks: Mapping[str, NetworkCell] | None = None) -> str:
    """sha256 of nodes (kind, params, shares, muted) and wires; made once for the same records, which are frozen.

    `networks` are those that nodes may stand for, by name: their keys count in the place of their names."""
    if cell.parameters or used_networks(cell) or cell.weights:
        return _nesting_key(cell, networks or {}, frozenset(), {})
    place = id(cell.nodes), id(cell.wires)
    known = _network_keys.get(place)
    if known is not None and known[0] is cell.nodes and known[1] is cell.wires:
        return known[2]
    nodes = {id_: [node.kind, node.params, node.shares, node.muted] for id_, node in sorted(cell.nodes.items())}
    wires = sorted([list(wire.source), list(wire.target)] for wire in cell.wires.values())
    key = _digest(["network", nodes, wires])
    while len(_network_keys) >= _REMEMBERED:
        _network_keys.pop(next(iter(_network_keys), place), None)
    _network_keys[place] = cell.nodes, cell.wires, key
    return key


def network_key_in(notebook: Notebook, cell: NetworkCell) -> str:
    """The key of a network among the cells of its notebook: the code of layers of the user's own counts too."""
    networks = networks_by_name(notebook)
    key = network_key(cell, networks)
    within = [cell, *definitions_of(cell, networks).values()]
    kinds = {node.kind for one in within for node in one.nodes.values()}
    own = sorted((one.name, one.digest) for one in code_kinds(notebook) if one.name in kinds)
    return _digest([key, own]) if own else key


def _nesting_key(
    cell: NetworkCell, networks: Mapping[str, NetworkCell], around: frozenset[str], known: dict[str, str]
) -> str:
    """`known` are the keys of those inside by name, each made once however many ways lead to it."""
    used = {}
    for name in used_networks(cell):
        if name not in known and name in networks and name not in around:
            known[name] = _nesting_key(networks[name], networks, around | {name}, known)
        used[name] = "" if name in around else known.get(name, "")
    nodes = {}
    for id_, node in sorted(cell.nodes.items()):
        name = network_name(node.kind)
        kind = node.kind if name is None else ["network", used[name], node.repeat, node.weights]
        # Ports go by the names of Inputs and Outputs, so that these have a meaning inside another network.
        label = node.label if node.kind in ("Input", "Output") and around else ""
        nodes[id_] = [kind, node.params, node.shares, node.muted, label]
    wires = sorted([list(wire.source), list(wire.target)] for wire in cell.wires.values())
    defaults = {name: parameter.default for name, parameter in cell.parameters.items()}
    # What a network begins with counts as what is in the file, wherever that is.
    begin = [cell.weights.digest or cell.weights.file] if cell.weights else []
    return _digest(["network", nodes, wires, defaults, *begin])


def cell_key(cell: AnyCell | UnknownCell, used: Mapping[str, str], fingerprint: str = "") -> str:
    """The key of a cell, given the keys of the cells it uses by field, and the fingerprint of its data."""
    match cell:
        case NetworkCell():
            return network_key(cell)
        case TextCell():
            return _digest(["text"])
        case CodeCell():
            return _digest(["code", cell.code])
        case DataCell():
            content = meaning(cell)
            if "code" in used:
                content["location"] = [used["code"], cell.location.rpartition(".")[2]]
            return _digest(["data", content, fingerprint])
        case _:
            return _digest([cell.kind, {**meaning(cell), **used}])


def meaning(cell: AnyCell | UnknownCell) -> dict[str, Any]:
    """The settings of a cell that change what comes out of it, as plain data."""
    content = cell.model_dump(mode="json", exclude=set(NO_MEANING))
    if cell.kind == "training" and isinstance(content.get("options"), dict):
        # Whether layers are looked at changes no bit of what comes out.
        content["options"].pop("health", None)
    return content


def cell_keys(notebook: Notebook, fingerprints: Mapping[str, str] | None = None) -> dict[str, str]:
    """The key of every cell by name; `fingerprints` are those of the data, by data cell. Cells in a cycle have none."""
    cells = by_name(notebook)
    keys: dict[str, str] = {}
    by_code = uses_of_code(notebook)
    for name in in_order(notebook):
        cell = cells[name]
        used = {field: keys.get(other, "") for field, other in references(cell).items()}
        if code := code_cell_of(cell):
            used["code"] = keys.get(code, "")
        if isinstance(cell, NetworkCell):
            keys[name] = network_key_in(notebook, cell)
        elif isinstance(cell, CodeCell):
            uses = by_code.get(name, {})
            keys[name] = _digest(["code", cell.code, {one: keys.get(other, "") for one, other in uses.items()}])
        else:
            keys[name] = cell_key(cell, used, (fingerprints or {}).get(name, ""))
    return keys
