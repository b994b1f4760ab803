"""Why an output is stale: what is different now in its cell, and in all that its cell uses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from .cell_graph import by_name, references, with_what_they_use
from .document import AnyCell, NetworkCell, Node, Notebook, UnknownCell, Wire
from .identity import Same
from .keys import meaning
from .nesting.references import PREFIX


def what_changed(
    before: Notebook,
    now: Notebook,
    name: str,
    *,
    fingerprints_before: Mapping[str, str] | None = None,
    fingerprints: Mapping[str, str] | None = None,
) -> list[str]:
    """Sentences such as "epochs of fit changed", "network digits changed: 2 nodes"; empty where nothing counts.

    `before` is the notebook that the output was made of. A cell is known again by its id. Fingerprints are those of
    the data, by the data cell's name then and now; only where both are known do they count.
    """
    earlier = {cell.id: cell for cell in before.cells}
    present = by_name(now)
    reasons: list[str] = []
    new: list[str] = []
    for used in with_what_they_use(now, name):
        cell = present[used]
        old = earlier.get(cell.id) or by_name(before).get(cell.name)
        if old is None or old.kind != cell.kind:
            new.append(f"{cell.kind} {cell.name} is new here")
            continue
        reasons += _of_cell(old, cell, {one.name: one.id for one in before.cells}, now)
        one, other = (fingerprints_before or {}).get(old.name), (fingerprints or {}).get(cell.name)
        if one and other and one != other and not reasons:
            reasons.append(f"the data of {cell.name} changed")
    # A new cell is used by one that says so itself.
    return reasons or new


def _of_cell(
    old: AnyCell | UnknownCell, cell: AnyCell | UnknownCell, ids_before: Mapping[str, str], now: Notebook
) -> Iterator[str]:
    if isinstance(old, NetworkCell) and isinstance(cell, NetworkCell):
        yield from _of_network(old, cell, ids_before, now)
        return
    if cell.kind == "text":
        return
    refers = references(cell)
    was = references(old)
    for field in refers:
        used = by_name(now).get(refers[field])
        if field in was and used is not None and ids_before.get(was[field]) in (used.id, None):
            continue  # The same cell, under whatever name.
        if field not in was or was[field] != refers[field]:
            yield f"{field} of {cell.name} changed: {was.get(field) or 'none'} to {refers[field]}"
    one, other = _settings(old), _settings(cell)
    for field in sorted({**one, **other}.keys() - refers.keys() - was.keys()):
        if one.get(field) != other.get(field):
            yield f"{field.replace('_', ' ')} of {cell.name} changed" + _from_to(one.get(field), other.get(field))


def _settings(cell: AnyCell | UnknownCell) -> dict[str, Any]:
    """The settings by name; each option is one of them."""
    content = meaning(cell)
    options = content.pop("options", None)
    return {**content, **(options if isinstance(options, dict) else {})}


def _from_to(old: Any, new: Any) -> str:
    """Both values, where they are short enough to be read in a line."""
    if isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(new, bool):
        return f": {old:g} to {new:g}"
    return ""


def _of_network(old: NetworkCell, new: NetworkCell, ids_before: Mapping[str, str], now: Notebook) -> Iterator[str]:
    names = {cell.id: cell.name for cell in now.cells}
    renamed = tuple((name, names[id_]) for name, id_ in ids_before.items() if names.get(id_, name) != name)
    nodes, wires = _differences(Same(old.nodes), Same(old.wires), Same(new.nodes), Same(new.wires), renamed)
    parts = [_some(nodes, "node"), _some(wires, "wire")]
    if nodes or wires:
        yield f"network {new.name} changed: " + ", ".join(part for part in parts if part)
    if old.parameters != new.parameters:
        yield f"parameters of network {new.name} changed"


# Several outputs rest on one network, and are asked for again after every edit elsewhere.
@lru_cache(maxsize=16)
def _differences(
    old_nodes: Same[dict[str, Node]],
    old_wires: Same[dict[str, Wire]],
    new_nodes: Same[dict[str, Node]],
    new_wires: Same[dict[str, Wire]],
    renamed: tuple[tuple[str, str], ...],
) -> tuple[int, int]:
    """How many nodes and wires differ. Wires count by where they lead: one that was drawn anew is the same."""
    old, new = old_nodes.value, new_nodes.value
    kinds = {PREFIX + before: PREFIX + now for before, now in renamed}
    nodes = sum(not _same(old.get(id_), new.get(id_), kinds) for id_ in {**old, **new})
    before = {(wire.source, wire.target) for wire in old_wires.value.values()}
    after = {(wire.source, wire.target) for wire in new_wires.value.values()}
    return nodes, max(len(before - after), len(after - before))


def _same(old: Node | None, new: Node | None, kinds: Mapping[str, str]) -> bool:
    """Whether all of a node is the same but its label, which changes nothing that is computed; a kind goes by the name
    that it has now."""
    if old is None or new is None or old is new:
        return old is new
    if kinds.get(old.kind, old.kind) != new.kind or old.params != new.params or old.model_extra != new.model_extra:
        return False
    # Field by field as pydantic gives them would take ten times as long, among 10,000 nodes.
    return {**old.__dict__, **_COMPARED} == {**new.__dict__, **_COMPARED}


_COMPARED = {"label": "", "kind": "", "params": {}}


def _some(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""
