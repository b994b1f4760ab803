"""Nodes for a network in the place of the stretches that it was made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..document import NetworkCell, Node, Source, Target, Wire
from ..importing.ids import Ids
from ..nesting.paths import step
from ..nesting.references import network_kind
from ..nesting.uses import EACH
from .make_block import Block
from .runs import Runs
from .sequence import Sequence


@dataclass(frozen=True, slots=True)
class Placed:
    """`moved` says for each node that is gone how its path begins now."""

    cell: NetworkCell
    moved: dict[str, str]


class _Places:
    """Where each tensor of the row comes from once the stretches are nodes."""

    def __init__(self, row: Sequence, runs: Runs, block: Block, uses: list[str]) -> None:
        self.row, self.runs, self.block, self.uses = row, runs, block, uses
        self.owner: dict[int, tuple[int, int, int]] = {}  # place → (run, repetition, place within the stretch)
        for number, run in enumerate(runs.runs):
            for index, start in enumerate(run):
                for place in range(runs.length):
                    self.owner[start + place] = number, index, place

    def source(self, place: int, port: str) -> Source:
        """Where whoever is outside of the stretch finds what that place gives."""
        found = self.owner.get(place)
        if found is None:
            return Source(self.row.ids[place], port)
        number, index, within = found
        run = self.runs.runs[number]
        if index == len(run) - 1:
            return Source(self.uses[number], self.block.outputs[within, port])
        slots = self.runs.slots[run[-1]]
        for slot, one in enumerate(self.runs.feed):
            if one[0] == "pass" and slots[int(one[1])] == (place, port):
                return Source(self.uses[number], self.block.passes[slot])
        raise AssertionError("runs_of cuts a run where something else is taken")


def place_uses(cell: NetworkCell, row: Sequence, runs: Runs, block: Block, kept: set[str]) -> Placed:
    """The network with a node for each run. `kept` are names of layers, which no node of a run is to be called by: they
    come back as labels when it is unpacked."""
    ids = Ids()
    taken = {*cell.nodes, *cell.wires}

    def fresh(kind: str) -> str:
        while (id_ := ids.fresh(kind)) in taken:
            continue
        taken.add(id_)
        return id_

    kind = network_kind(block.cell.name)
    uses = [fresh(block.cell.name) for _ in runs.runs]
    places = _Places(row, runs, block, uses)
    gone = {row.ids[place] for place in places.owner}
    labels = kept | {node.label for id_, node in cell.nodes.items() if id_ not in gone}
    first = 0
    nodes_of_use: dict[str, Node] = {}
    moved: dict[str, str] = {}
    for number, run in enumerate(runs.runs):
        nodes_of_use[uses[number]] = _use(kind, block, range(first, first + len(run)), labels)
        first += len(run)
        for index, start in enumerate(run):
            for place in range(runs.length):
                moved[row.ids[start + place]] = f"{step(uses[number], index)}/{block.ids[place]}"
    nodes: dict[str, Node] = {}
    for id_, node in cell.nodes.items():
        if id_ not in gone:
            nodes[id_] = node
            continue
        use = moved[id_].partition("/")[0].partition(":")[0]
        nodes.setdefault(use, nodes_of_use[use])
    return Placed(
        cell.model_copy(update={"nodes": nodes, "wires": _wires(cell, row, runs, block, places, fresh)}), moved
    )


def _use(kind: str, block: Block, stretches: range, labels: set[str]) -> Node:
    params: dict[str, Any] = {}
    for name, values in block.values.values.items():
        own = [values[index] for index in stretches]
        if all(value == own[0] and type(value) is type(own[0]) for value in own):
            if own[0] != block.values.parameters[name].default or own[0] is None:
                params[name] = own[0]
        else:
            params[name] = {EACH: own}
    names = tuple(block.names.prefixes[index] for index in stretches)
    label = _label(names) or block.cell.name.replace(" ", "_")
    stem, number = label, 1
    while label in labels:
        number += 1
        label = f"{stem}_{number}"
    labels.add(label)
    return Node(kind=kind, params=params, label=label, repeat=len(stretches), names=names if all(names) else ())


def _label(names: tuple[str, ...]) -> str:
    """The first and the last of the names in one: `block2b`, `block2g` → `block2b-2g`."""
    if not all(names) or len(names) == 1:
        return names[0]
    words, others = names[0].split("_"), names[-1].split("_")
    common = 0
    while common < min(len(words), len(others)) and words[common] == others[common]:
        common += 1
    rest = "_".join(others[common:])
    stem = rest.rstrip("0123456789abcdefghijklmnopqrstuvwxyz") if common else ""
    begin = len(rest) - len(rest.lstrip("abcdefghijklmnopqrstuvwxyz")) if not stem else 0
    return f"{names[0]}-{rest[begin:]}" if rest[begin:] else names[0]


def _wires(cell: NetworkCell, row: Sequence, runs: Runs, block: Block, places: _Places, fresh: Any) -> dict[str, Wire]:
    place = {id_: index for index, id_ in enumerate(row.ids)}
    wires: dict[str, Wire] = {}
    for id_, wire in cell.wires.items():
        if place[wire.target.node] in places.owner:
            continue
        source = places.source(place[wire.source.node], wire.source.port)
        wires[id_] = wire if source == wire.source else wire.model_copy(update={"source": source})
    for number, run in enumerate(runs.runs):
        for port, (source, out) in zip(block.inputs, runs.slots[run[0]], strict=True):
            wires[fresh("wire")] = Wire(source=places.source(source, out), target=Target(places.uses[number], port))
    return wires
