"""Keys change with meaning, and with nothing else."""

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.changes import (
    AddNode,
    Connect,
    Disconnect,
    MoveNodes,
    RenameCell,
    SetField,
    SetLabel,
    SetMuted,
    SetParameter,
)
from weftwork.compiler.document import (
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
from weftwork.compiler.document_file import read_notebook, write_notebook
from weftwork.compiler.keys import cell_keys


@pytest.fixture
def notebook():
    network = NetworkCell(
        id="net",
        name="net",
        nodes={"a": Node(kind="Input"), "b": Node(kind="Dense", params={"units": 2})},
        wires={"w": Wire(source=Source("a"), target=Target("b"))},
    )
    return Notebook(
        cells=(
            TextCell(id="text", name="text", text="x"),
            DataCell(id="data", name="data"),
            network,
            TrainingCell(id="fit", name="fit", network="net", data="data"),
            EvaluationCell(id="eval", name="eval", training="fit"),
        )
    )


def changed(notebook, changes):
    before, after = cell_keys(notebook), cell_keys(apply_all(notebook, changes))
    return {name for name in before if name in after and before[name] != after[name]}


@pytest.mark.parametrize(
    "change",
    [
        SetLabel(cell="net", node="a", label="image"),
        MoveNodes(cell="net", positions={"a": Position(1, 1)}),
        SetField(cell="text", field="text", value="other prose"),
    ],
    ids=["label", "layout", "prose"],
)
def test_what_has_no_meaning_changes_no_key(notebook, change):
    assert changed(notebook, [change]) == set()


@pytest.mark.parametrize(
    "change",
    [
        SetParameter(cell="net", node="b", parameter="units", value=3),
        SetMuted(cell="net", node="b", muted=True),
        AddNode(cell="net", id="c", node=Node(kind="Flatten")),
        Disconnect(cell="net", wire="w"),
    ],
    ids=["parameter", "muted", "node", "wire"],
)
def test_a_change_of_the_network_changes_all_that_use_it(notebook, change):
    assert changed(notebook, [change]) == {"net", "fit", "eval"}


def test_renaming_a_cell_changes_no_other_key(notebook):
    assert changed(notebook, [RenameCell(cell="net", name="other")]) == set()


def test_the_name_of_a_wire_does_not_count(notebook):
    again = Connect(cell="net", id="other", wire=Wire(source=Source("a"), target=Target("b")))
    assert changed(notebook, [again]) == set()


def test_the_fingerprint_of_the_data_counts(notebook):
    one, two = cell_keys(notebook, {"data": "x"}), cell_keys(notebook, {"data": "y"})
    assert {name for name in one if one[name] != two[name]} == {"data", "fit", "eval"}


def test_keys_survive_the_file(notebook):
    change = SetParameter(cell="net", node="b", parameter="rate", value=1.0)
    before = apply_all(notebook, [change])
    after, _ = read_notebook(write_notebook(before))
    assert cell_keys(after) == cell_keys(before)
