"""Finds blocks that repeat in a network and makes networks of them, used as nodes and repeated. Pure.

What comes out is laid out flat the very same network: equal layers, wires, arguments, names and order of weights. That
is compared each time; where it does not come out equal, nothing is folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise

from ..catalogue import catalogue
from ..document import NetworkCell, Node
from ..labels import layer_names
from ..nesting.network_kinds import kinds_with
from ..nesting.paths import outermost, read_step
from ..nesting.references import definitions_of
from ..nesting.uses import use_of
from ..passes.flatten import definition_program
from .block_names import BlockNames, block_names
from .candidates import LARGEST, Candidate, candidates
from .make_block import make_block
from .place_uses import place_uses
from .runs import Runs, runs_of
from .same_network import same_network
from .sequence import Sequence, sequence

# A network of so few nodes is readable as it is.
READABLE = 30
# More nodes than these are crowded even on a large screen.
CROWDED = 50
# Of the candidates only those that hold most nodes are looked at closely.
_LOOKED_AT = 60
# Fewer nodes saved are not worth another network.
_LEAST_SAVED = 6
_WORTH_MORE = 12.0
# What is cut out of a crowded drawing has as many nodes at least, and as many tensors pass at its ends at most.
_LEAST_STRETCH, _NARROW = 12, 2


@dataclass(frozen=True, slots=True)
class Folded:
    """`cell` uses the networks `blocks`, inner ones first; `repetitions` is how many blocks stand in them."""

    cell: NetworkCell
    blocks: tuple[NetworkCell, ...] = ()
    repetitions: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """Blocks to be made; `layers` are the names of each one's nodes."""

    worth: float
    runs: Runs
    names: BlockNames
    layers: list[list[str]]


@dataclass(slots=True)
class _Work:
    cell: NetworkCell
    definitions: dict[str, NetworkCell]
    taken: set[str]
    names: dict[str, str]  # path → name of each layer
    blocks: list[NetworkCell] = field(default_factory=list)
    repetitions: int = 0


def fold(
    cell: NetworkCell, networks: Mapping[str, NetworkCell], *, readable: int = READABLE, taken: set[str] | None = None
) -> Folded:
    """The network with repeated blocks as networks. `networks` are those of the notebook, `taken` further names that
    cells have. Networks of at most `readable` nodes stay as they are."""
    if len(cell.nodes) <= readable or cell.parameters:
        return Folded(cell)
    definitions = definitions_of(cell, networks)
    known = kinds_with(catalogue().kinds, definitions)
    if any(node.kind not in known for one in (cell, *definitions.values()) for node in one.nodes.values()):
        # A network with placeholders cannot be laid out, so that nothing could be compared.
        return Folded(cell)
    program = definition_program(cell, {}, definitions)
    work = _Work(
        cell,
        dict(definitions),
        {*networks, cell.name, *(taken or ())},
        {path: layer.name for path, layer in program.layers.items()},
    )
    while len(work.cell.nodes) > readable and _fold_once(work):
        pass
    if not work.blocks:
        return Folded(cell)
    folded = work.cell.model_copy(update={"nodes": _with_names(work)})
    again = definition_program(folded, {}, definitions_of(folded, work.definitions))
    if not same_network(program, again):
        return Folded(cell)
    return Folded(folded, tuple(work.blocks), work.repetitions)


def _fold_once(work: _Work) -> bool:
    """Makes one network of the blocks that are worth it most; gives whether there were any."""
    row = sequence(work.cell, work.definitions)
    own = layer_names(work.cell)
    names = ["" if work.cell.nodes[id_].kind.startswith("ops.") else own[id_] for id_ in row.ids]
    found = _best(work.cell, row, names)
    crowded = len(work.cell.nodes) > CROWDED
    if found is not None and found.worth < _WORTH_MORE and (found.names.clear < 0.5 or crowded):
        # Little would be won by that. A drawing that is still crowded is cut where few tensors pass.
        found = _stretch(row, names) or found if crowded else None
    elif found is None and crowded:
        found = _stretch(row, names)
    if found is None:
        return False
    kinds = kinds_with(catalogue().kinds, work.definitions)
    block = make_block(work.cell, row, found.runs, found.names, found.layers, kinds, work.taken)
    placed = place_uses(work.cell, row, found.runs, block, set(work.names.values()))
    work.cell = placed.cell
    work.blocks.append(block.cell)
    work.definitions[block.cell.name] = block.cell
    work.taken.add(block.cell.name)
    stretches = sum(len(run) for run in found.runs.runs)
    work.repetitions += stretches if stretches > 1 else 0
    work.names = {_moved(path, placed.moved): name for path, name in work.names.items()}
    return True


def _best(cell: NetworkCell, row: Sequence, names: list[str]) -> _Found | None:
    best: _Found | None = None
    for candidate in islice(candidates(row), _LOOKED_AT):
        if best is not None and candidate.length * len(candidate.starts) < best.worth:
            break
        runs = runs_of(row, candidate)
        if runs.saved < _LEAST_SAVED:
            continue
        layers = [names[start : start + runs.length] for run in runs.runs for start in run]
        called = block_names(layers)
        worth = _worth(cell, row, candidate, runs, called)
        if worth > 0 and (best is None or worth > best.worth):
            best = _Found(worth, runs, called, layers)
    return best


def _stretch(row: Sequence, names: list[str]) -> _Found | None:
    """The longest stretch between two places where few tensors pass."""
    narrow = [place for place in range(1, len(row.ids)) if row.open[place] <= _NARROW]
    pairs = [(end - start, -start) for start, end in pairwise(narrow) if _LEAST_STRETCH <= end - start <= LARGEST]
    if not pairs:
        return None
    length, start = max(pairs)
    runs = runs_of(row, Candidate(length, (-start,)))
    layers = [names[-start : -start + length]]
    return _Found(0.0, runs, block_names(layers), layers)


def _worth(cell: NetworkCell, row: Sequence, candidate: Candidate, runs: Runs, called: BlockNames) -> float:
    """How much a block is worth: what it saves, twice as much where its names say that it is one, less for each tensor
    that passes in and out and for each argument in which its uses differ."""
    passing = len(runs.slots[candidate.starts[0]]) + len(runs.outputs)
    differing: set[tuple[str, ...]] = set()
    starts = [start for run in runs.runs for start in run]
    for place in range(runs.length):
        nodes = [cell.nodes[row.ids[start + place]] for start in starts]
        for name in dict.fromkeys(name for node in nodes for name in node.params):
            values = [repr(node.params.get(name)) for node in nodes]
            if any(value != values[0] for value in values[1:]):
                differing.add((name, *values))
    # The block itself is drawn once too.
    fewer = runs.saved - runs.length
    return fewer * (0.5 + 0.5 * called.clear) * 0.9 ** (passing - 2) - len(differing)


def _moved(path: str, moved: Mapping[str, str]) -> str:
    """A path in a network whose nodes were put into others."""
    first, slash, rest = path.partition("/")
    node, repetition = read_step(first)
    if node not in moved:
        return path
    number = f":{repetition + 1}" if repetition else ""
    return f"{moved[node]}{number}{slash}{rest}"


def _with_names(work: _Work) -> dict[str, Node]:
    """The nodes, each use with the names of those of its layers that its own names do not give."""
    own = layer_names(work.cell)
    by_use: dict[str, dict[str, str]] = {}
    for path, name in work.names.items():
        by_use.setdefault(outermost(path), {})[path] = name
    nodes = dict(work.cell.nodes)
    for id_, node in work.cell.nodes.items():
        definition = work.definitions.get(node.kind.removeprefix("network:"))
        if definition is None or definition not in work.blocks:
            continue
        use = use_of(node, own[id_], definition)
        inner = {name: one for name, one in work.definitions.items() if name != definition.name}
        others: dict[str, list[str]] = {}
        for index, repetition in enumerate(use.repetitions):
            program = definition_program(definition, repetition.values, inner)
            prefix = f"{id_}:{index + 1}/" if index else f"{id_}/"
            for path, layer in program.layers.items():
                wanted = by_use[id_][prefix + path]
                if wanted != f"{repetition.name}_{layer.name}":
                    others.setdefault(path, [""] * len(use.repetitions))[index] = wanted
        if others:
            nodes[id_] = node.model_copy(update={"renamed": {path: tuple(names) for path, names in others.items()}})
    return nodes
