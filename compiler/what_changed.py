"""Why an output is stale: what is different now in its cell, and in all that its cell uses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .cell_graph import by_name, references, with_what_they_use
from .document import AnyCell, NetworkCell, Notebook, UnknownCell
from .keys import NO_MEANING


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
        yield from _of_network(old, cell)
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
            yield f"{cell.name} uses {refers[field]} now" + (f", not {was[field]}" if field in was else "")
    skipped = NO_MEANING | set(refers) | set(was)
    one, other = _content(old, skipped), _content(cell, skipped)
    for field in sorted({**one, **other}):
        if one.get(field) != other.get(field):
            yield f"{field.replace('_', ' ')} of {cell.name} changed" + _from_to(one.get(field), other.get(field))


def _content(cell: AnyCell | UnknownCell, skipped: set[str] | frozenset[str]) -> dict[str, Any]:
    return cell.model_dump(mode="json", exclude=set(skipped))


def _from_to(old: Any, new: Any) -> str:
    """Both values, where they are short enough to be read in a line."""
    if isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(new, bool):
        return f": {old:g} to {new:g}"
    return ""


def _of_network(old: NetworkCell, new: NetworkCell) -> Iterator[str]:
    nodes = _count(
        {id_: (node.kind, node.params, node.shares, node.muted) for id_, node in old.nodes.items()},
        {id_: (node.kind, node.params, node.shares, node.muted) for id_, node in new.nodes.items()},
    )
    # Wires count by where they lead: one that was drawn anew is the same.
    before = {(wire.source, wire.target) for wire in old.wires.values()}
    after = {(wire.source, wire.target) for wire in new.wires.values()}
    wires = max(len(before - after), len(after - before))
    parts = [_some(nodes, "node"), _some(wires, "wire")]
    if nodes or wires:
        yield f"network {new.name} changed: " + ", ".join(part for part in parts if part)


def _count(old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    return sum(old.get(id_) != new.get(id_) for id_ in {**old, **new})


def _some(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""
