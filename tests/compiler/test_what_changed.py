"""The reasons why an output is stale, in the words of the page."""

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.changes import (
    AddCell,
    AddNode,
    Connect,
    Disconnect,
    MoveNodes,
    RenameCell,
    SetField,
    SetKind,
    SetLabel,
    SetParameter,
)
from weftwork.compiler.document import (
    Choice,
    DataCell,
    EvaluationCell,
    NetworkCell,
    Node,
    Notebook,
    Position,
    Source,
    Target,
    TextCell,
    TrainingCell,
    Wire,
)
from weftwork.compiler.duplicate_cell import duplicate
from weftwork.compiler.keys import cell_keys, network_key
from weftwork.compiler.what_changed import what_changed

NET = NetworkCell(
    id="net",
    name="digits",
    nodes={"a": Node(kind="Input"), "b": Node(kind="Dense", params={"units": 2}), "c": Node(kind="Dense", shares="b")},
    wires={
        "w": Wire(source=Source("a"), target=Target("b")),
        "v": Wire(source=Source("b"), target=Target("c")),
    },
    layout={"a": Position(1, 2)},
)
BEFORE = Notebook(
    cells=(
        TextCell(id="text", name="text", text="x"),
        DataCell(id="data", name="rows"),
        NET,
        TrainingCell(id="fit", name="fit", network="digits", data="rows"),
        EvaluationCell(id="eval", name="eval", training="fit"),
    )
)


def reasons(*changes, name="eval", **fingerprints):
    return what_changed(BEFORE, apply_all(BEFORE, changes), name, **fingerprints)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([SetField(cell="fit", field="epochs", value=20)], ["epochs of fit changed: 10 to 20"]),
        ([SetField(cell="fit", field="batch_size", value=8)], ["batch size of fit changed: 32 to 8"]),
        ([SetField(cell="fit", field="optimizer", value=Choice(kind="SGD"))], ["optimizer of fit changed"]),
        (
            [SetField(cell="fit", field="options", value={"precision": "mixed_float16", "health": False})],
            ["precision of fit changed"],
        ),
        ([SetField(cell="data", field="roles", key="a", value="target")], ["roles of rows changed"]),
        (
            [
                SetParameter(cell="net", node="b", parameter="units", value=3),
                AddNode(cell="net", id="d", node=Node(kind="Flatten")),
            ],
            ["network digits changed: 2 nodes"],
        ),
        ([Disconnect(cell="net", wire="w")], ["network digits changed: 1 wire"]),
        (
            [
                AddCell(cell=DataCell(id="more", name="more", location="more.csv")),
                SetField(cell="fit", field="data", value="more"),
            ],
            ["data of fit changed: rows to more"],
        ),
        ([RenameCell(cell="net", name="letters"), RenameCell(cell="fit", name="learn")], []),
        ([SetLabel(cell="net", node="a", label="image"), MoveNodes(cell="net", positions={"a": Position(9, 9)})], []),
        ([SetField(cell="fit", field="folded", value=True), SetField(cell="text", field="text", value="y")], []),
        (
            [
                Disconnect(cell="net", wire="w"),
                Connect(cell="net", id="u", wire=Wire(source=Source("a"), target=Target("b"))),
            ],
            [],
        ),
    ],
)
def test_reasons_name_what_counts_and_nothing_else(changes, said):
    assert reasons(*changes) == said
    # The oracle: a reason is given exactly where the key differs.
    changed = cell_keys(apply_all(BEFORE, changes)).get("eval") != cell_keys(BEFORE)["eval"]
    assert bool(said) == changed


def test_new_name_of_a_network_within_is_no_reason_but_another_network_is():
    inner = NetworkCell(id="inner", name="block", nodes={"d": Node(kind="Dense", params={"units": 2})})
    outer = NET.model_copy(update={"nodes": {**NET.nodes, "e": Node(kind="network:block")}})
    before = BEFORE.with_cell(outer).model_copy(update={"cells": (inner, *BEFORE.with_cell(outer).cells)})
    renamed = apply_all(before, [RenameCell(cell="inner", name="brick")])
    assert renamed.cell("digits").nodes["e"].kind == "network:brick"
    assert what_changed(before, renamed, "eval") == []
    edited = apply_all(renamed, [SetParameter(cell="inner", node="d", parameter="units", value=3)])
    assert what_changed(before, edited, "eval") == ["network brick changed: 1 node"]
    other = apply_all(before, [AddCell(cell=inner.model_copy(update={"id": "x", "name": "other"}), index=0)])
    other = apply_all(other, [SetKind(cell="net", node="e", kind="network:other")])
    assert "network digits changed: 1 node" in what_changed(before, other, "eval")


def test_changed_data_are_a_reason_only_where_both_fingerprints_are_known():
    one, two = {"rows": "1"}, {"rows": "2"}
    assert reasons(fingerprints_before=one, fingerprints=two) == ["the data of rows changed"]
    assert reasons(fingerprints_before=one, fingerprints={}) == []
    assert reasons(fingerprints_before=one, fingerprints=one) == []


def test_a_duplicate_means_the_same_and_shares_no_id():
    copy = duplicate(BEFORE, NET)
    assert isinstance(copy, NetworkCell)
    assert copy.name == "digits 2"
    assert not {*copy.nodes, *copy.wires, *copy.layout, copy.id} & {*NET.nodes, *NET.wires, NET.id}
    kinds = [(node.kind, node.params) for node in NET.nodes.values()]
    assert [(node.kind, node.params) for node in copy.nodes.values()] == kinds
    new = dict(zip(NET.nodes, copy.nodes, strict=True))
    assert copy.nodes[new["c"]].shares == new["b"]
    assert {(wire.source.node, wire.target.node) for wire in copy.wires.values()} == {
        (new["a"], new["b"]),
        (new["b"], new["c"]),
    }
    assert copy.layout == {new["a"]: Position(1, 2)}


def test_duplicate_of_a_training_cell_keeps_what_it_uses():
    copy = duplicate(BEFORE, BEFORE.cell("fit"))
    assert (copy.name, copy.network, copy.data) == ("fit 2", "digits", "rows")


def test_network_key_is_that_of_the_records_at_hand():
    other = NET.model_copy(update={"nodes": {**NET.nodes, "b": Node(kind="Dense", params={"units": 9})}})
    assert network_key(other) != network_key(NET)
    assert network_key(NET.model_copy(update={"nodes": dict(NET.nodes)})) == network_key(NET)
