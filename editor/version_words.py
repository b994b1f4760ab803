"""What lies between two notebooks, in words for people: cell by cell, and node by node within networks. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..compiler.document import AnyCell, NetworkCell, Notebook, UnknownCell, Wire
from ..compiler.records import PARTS, record_to_json

State = Literal["added", "removed", "changed"]

_SHORT = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs: a node, a wire, a setting. `detail` says how, where it is no whole thing."""

    state: State
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CellDifference:
    """`before` and `after` are the cell on both sides, None where it is not there."""

    state: State
    name: str
    kind: str
    rows: tuple[Row, ...]
    before: AnyCell | UnknownCell | None
    after: AnyCell | UnknownCell | None

    def words(self) -> str:
        """In half a line: "classifier: 2 nodes added, units of hidden 8 → 16"."""
        if self.state != "changed":
            return f"{self.name} {self.state}"
        if len(self.rows) == 1:
            row = self.rows[0]
            return f"{self.name}: {row.what} {row.detail or row.state}"
        counts = Counter((row.what.split()[0], row.state) for row in self.rows)
        if not isinstance(self.after, NetworkCell):
            return f"{self.name}: {', '.join(row.what for row in self.rows[:3])} changed"
        return f"{self.name}: " + ", ".join(
            f"{count} {thing}{'s' if count > 1 else ''} {state}" for (thing, state), count in counts.items()
        )


def differences(before: Notebook, after: Notebook) -> tuple[CellDifference, ...]:
    """What `after` has that `before` has not, and the other way round, in the order of the cells."""
    old = {cell.id: cell for cell in before.cells}
    new = {cell.id: cell for cell in after.cells}
    found: list[CellDifference] = []
    for id_, cell in new.items():
        if id_ not in old:
            found.append(CellDifference("added", cell.name, cell.kind, (), None, cell))
        elif old[id_] != cell:
            rows = tuple(_rows(old[id_], cell))
            if rows:
                found.append(CellDifference("changed", cell.name, cell.kind, rows, old[id_], cell))
    gone = [cell for id_, cell in old.items() if id_ not in new]
    found += [CellDifference("removed", cell.name, cell.kind, (), cell, None) for cell in gone]
    return tuple(found)


def summary(found: tuple[CellDifference, ...], moved: bool = False) -> str:
    """All of it in one line."""
    if not found:
        return "Cells in another order" if moved else "Only places of nodes"
    words = [difference.words() for difference in found[:3]]
    return "; ".join(words) + (f"; and {len(found) - 3} more cells" if len(found) > 3 else "")


def _rows(old: AnyCell | UnknownCell, new: AnyCell | UnknownCell) -> Iterator[Row]:
    one, other = record_to_json(old), record_to_json(new)
    parts = PARTS if isinstance(old, NetworkCell) and isinstance(new, NetworkCell) else ()
    for key in dict.fromkeys((*one, *other)):
        if key not in parts and one.get(key) != other.get(key):
            yield Row("changed", key.replace("_", " "), _how(one.get(key), other.get(key)))
    if isinstance(old, NetworkCell) and isinstance(new, NetworkCell):
        yield from _nodes(old, new)
        yield from _wires(old, new)


def node_states(old: NetworkCell, new: NetworkCell) -> dict[str, State]:
    """The nodes that differ, by id."""
    states: dict[str, State] = {id_: "removed" for id_ in old.nodes if id_ not in new.nodes}
    for id_, node in new.nodes.items():
        if id_ not in old.nodes:
            states[id_] = "added"
        elif old.nodes[id_] != node:
            states[id_] = "changed"
    return states


def node_name(cell: NetworkCell, id_: str) -> str:
    """What people call a node: its label, else its kind."""
    node = cell.nodes.get(id_)
    return (node.label or node.kind) if node else id_


def _nodes(old: NetworkCell, new: NetworkCell) -> Iterator[Row]:
    for id_, state in node_states(old, new).items():
        side = old if state == "removed" else new
        if state != "changed":
            yield Row(state, f"node {node_name(side, id_)}")
            continue
        one, other = record_to_json(old.nodes[id_]), record_to_json(new.nodes[id_])
        fields = {**_flat(one), **dict.fromkeys(_flat(other))}
        how = [
            f"{key} {_how(_flat(one).get(key), _flat(other).get(key))}"
            for key in fields
            if _flat(one).get(key) != _flat(other).get(key)
        ]
        yield Row("changed", f"node {node_name(side, id_)}", ", ".join(how))


def _wires(old: NetworkCell, new: NetworkCell) -> Iterator[Row]:
    def ends(cell: NetworkCell, wire: Wire) -> str:
        return f"{node_name(cell, wire.source.node)} → {node_name(cell, wire.target.node)}"

    for id_ in dict.fromkeys((*old.wires, *new.wires)):
        one, other = old.wires.get(id_), new.wires.get(id_)
        if one == other:
            continue
        if one is None or other is None:
            side, wire = (new, other) if one is None else (old, one)
            if wire is not None:
                yield Row("added" if one is None else "removed", f"wire {ends(side, wire)}")
        else:
            yield Row("changed", f"wire {ends(old, one)}", f"now {ends(new, other)}")


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in node.items() if key != "params"}, **node.get("params", {})}


def _how(old: Any, new: Any) -> str:
    if isinstance(new, str) and isinstance(old, str) and max(len(old), len(new)) > _SHORT // 2:
        return "rewritten"
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
        return ", ".join(f"{key} {_how(old.get(key), new.get(key))}" for key in keys[:3])
    return f"{_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _SHORT // 2 else f"{text[: _SHORT // 2 - 1]}…"
