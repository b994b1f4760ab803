from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from weftwork.compiler.apply_change import apply
from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, Wire
from weftwork.compiler.document_file import read_notebook_file
from weftwork.compiler.folding.fold import Folded, fold
from weftwork.compiler.nesting.references import definitions_of
from weftwork.compiler.nesting.unpack import unpack

from .repeated import as_graph, isomorphic, networks

_QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
_MANY = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def _stays_the_same(cell: NetworkCell) -> None:
    folded = fold(cell, {}, readable=4)
    definitions = definitions_of(folded.cell, {block.name: block for block in folded.blocks})
    whole = as_graph(cell, {})
    assert isomorphic(whole, as_graph(folded.cell, definitions))
    assert isomorphic(whole, as_graph(_unpacked(folded), {}))


def _unpacked(folded: Folded) -> NetworkCell:
    """The folded network with every node for a network unpacked, as a person would by hand."""
    notebook = Notebook(cells=(*folded.blocks, folded.cell))
    while True:
        cell = notebook.networks()[-1]
        use = next((id_ for id_, node in cell.nodes.items() if node.kind.startswith("network:")), None)
        if use is None:
            return cell
        for change in unpack(notebook, cell, use):
            notebook = apply(notebook, change)


@_QUICK
@given(networks())
def test_a_folded_network_laid_out_flat_is_the_same_network(cell):
    _stays_the_same(cell)


@pytest.mark.long
@_MANY
@given(networks())
def test_many_folded_networks_laid_out_flat_are_the_same_networks(cell):
    _stays_the_same(cell)


def _chain(*layers: tuple[str, dict, str]) -> NetworkCell:
    nodes = {"input_0000": Node(kind="Input", params={"shape": [4]}, label="x")}
    for number, (kind, params, label) in enumerate(layers):
        nodes[f"n_{number:04d}"] = Node(kind=kind, params=params, label=label)
    nodes["output_0000"] = Node(kind="Output", label="y")
    ids = list(nodes)
    wires = {
        f"wire_{number:04d}": Wire(source=Source(ids[number]), target=Target(ids[number + 1]))
        for number in range(len(ids) - 1)
    }
    return NetworkCell(id="network_0000", name="chain", nodes=nodes, wires=wires)


def _three(units: int, number: int) -> list[tuple[str, dict, str]]:
    return [
        ("Dense", {"units": units}, f"block{number}_dense"),
        ("Dropout", {"rate": 0.1 * number}, f"block{number}_drop"),
        ("Dense", {"units": 4 * units, "activation": "relu"}, f"block{number}_wide"),
    ]


def test_a_run_of_blocks_becomes_one_node_with_a_value_for_each_repetition():
    cell = _chain(*(layer for number in (1, 2, 3) for layer in _three(8 * number, number)))

    folded = fold(cell, {}, readable=4)

    (block,) = folded.blocks
    (use,) = (node for node in folded.cell.nodes.values() if node.kind == "network:block")
    assert (use.repeat, use.names) == (3, ("block1", "block2", "block3"))
    assert use.params == {"units": {"each": [8, 16, 24]}, "rate": {"each": [0.1, 0.2, 0.1 * 3]}}
    assert use.renamed == {}
    inner = {node.label: node.params for node in block.nodes.values() if node.kind == "Dense"}
    assert inner == {
        "dense": {"units": {"expression": "units"}},
        "wide": {"units": {"expression": "units * 4"}, "activation": "relu"},
    }


def test_names_that_do_not_begin_with_the_block_are_kept_for_each_repetition():
    blocks = range(1, 13)
    layers = [
        (kind, params, f"{label.rpartition('_')[2]}_{number}")
        for number in blocks
        for kind, params, label in _three(8, number)
    ]

    folded = fold(_chain(*layers), {}, readable=4)

    (use,) = (node for node in folded.cell.nodes.values() if node.kind.startswith("network:"))
    expected = [tuple(f"{name}_{number}" for number in blocks) for name in ("dense", "drop", "wide")]
    assert sorted(use.renamed.values()) == expected


def test_a_use_is_not_called_as_one_of_its_layers_is():
    """Found by the random test: the second use was numbered `layer_2`, the name of a layer of the first."""
    cell = read_notebook_file(Path(__file__).with_name("uses_called_as_layers.weft"))[0].networks()[0]

    _stays_the_same(cell)


def test_a_network_that_can_be_read_is_not_folded():
    cell = _chain(*(layer for number in (1, 2, 3) for layer in _three(8, number)))

    assert fold(cell, {}).cell is cell
