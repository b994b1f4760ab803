"""The network of equal stretches: their nodes once, with Inputs and Outputs for what passes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..catalogue_types import Kind
from ..document import NetworkCell, Node, Source, Target, Wire, new_id
from ..importing.ids import Ids
from ..nesting.network_kinds import boundary
from .block_names import BlockNames, network_label
from .runs import Runs
from .sequence import Sequence
from .varying import Varying, varying

_INPUTS = ("x", "y", "z", "u", "v", "w")


@dataclass(frozen=True, slots=True)
class Block:
    """`inputs` are the ports of the slots, `outputs` the port of each (node within the stretch, port of it), `passes`
    those that hand on what came in at a slot. `ids` are the nodes by their place in the stretch."""

    cell: NetworkCell
    inputs: tuple[str, ...]
    outputs: dict[tuple[int, str], str]
    passes: dict[int, str]
    ids: tuple[str, ...]
    values: Varying
    names: BlockNames


def make_block(
    cell: NetworkCell,
    row: Sequence,
    runs: Runs,
    names: BlockNames,
    layers: list[list[str]],
    kinds: Mapping[str, Kind],
    taken: set[str],
) -> Block:
    """The network of the stretches of `runs`; `layers` are their nodes' names, `taken` what other cells are called."""
    starts = [start for run in runs.runs for start in run]
    stretches = [[cell.nodes[row.ids[start + place]] for place in range(runs.length)] for start in starts]
    values = varying(stretches, kinds)
    ids, nodes, wires = Ids(), dict[str, Node](), dict[str, Wire]()
    start = starts[0]
    slots = {source: index for index, source in enumerate(runs.slots[start])}
    # A slot that the next repetition does not feed is called otherwise than any Output.
    free = [
        label for label in (*_INPUTS, *(f"x_{n}" for n in range(2 * len(names.labels)))) if label not in names.labels
    ]
    labels = tuple(free[: len(slots)])
    given = []
    for label in labels:
        given.append(ids.fresh("Input"))
        nodes[given[-1]] = Node(kind="Input", params={"shape": [None]}, label=label)
    inner = []
    for place in range(runs.length):
        node = stretches[0][place]
        inner.append(ids.fresh(node.kind))
        label = "" if node.kind.startswith("ops.") else names.labels[place]
        update = {"params": values.arguments[place], "label": label, "names": (), "renamed": {}}
        nodes[inner[-1]] = node.model_copy(update=update)
    for place in range(runs.length):
        for one in row.references[start + place]:
            source = (
                Source(inner[one.source - start], one.source_port)
                if one.source >= start
                else Source(given[slots[one.source, one.source_port]])
            )
            wires[ids.fresh("wire")] = Wire(source=source, target=Target(inner[place], one.port, one.position))
    outputs: dict[tuple[int, str], str] = {}
    passes: dict[int, str] = {}
    ends: list[tuple[str, Source]] = []
    for index, one in enumerate(runs.feed):
        if one[0] == "out":
            key = int(one[1]), str(one[2])
            outputs.setdefault(key, labels[index])
            ends.append((labels[index], Source(inner[key[0]], key[1])))
        elif one[0] == "pass":
            passes[index] = labels[index]
            ends.append((labels[index], Source(given[int(one[1])])))
    for number, key in enumerate(runs.outputs):
        if not outputs.get(key):
            outputs[key] = f"out_{number + 1}" if len(runs.outputs) > 1 or ends else "out"
            ends.append((outputs[key], Source(inner[key[0]], key[1])))
    for label, source in ends:
        id_ = ids.fresh("Output")
        nodes[id_] = Node(kind="Output", label=label)
        wires[ids.fresh("wire")] = Wire(source=source, target=Target(id_))
    kinds_inside = [node.kind for node in stretches[0]]
    name = _free(network_label(names, layers, kinds_inside), taken)
    made = NetworkCell(id=new_id("network"), name=name, parameters=values.parameters, nodes=nodes, wires=wires)
    ports = {id_: port for side in boundary(made) for port, id_ in side.items()}
    renamed = {nodes[id_].label: ports[id_] for id_ in nodes if nodes[id_].kind == "Output"}
    return Block(
        made,
        tuple(ports[id_] for id_ in given),
        {key: renamed[label] for key, label in outputs.items()},
        {index: renamed[label] for index, label in passes.items()},
        tuple(inner),
        values,
        names,
    )


def _free(name: str, taken: set[str]) -> str:
    own, number = name, 1
    while own in taken:
        number += 1
        own = f"{name} {number}"
    return own
