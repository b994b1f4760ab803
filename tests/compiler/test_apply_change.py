"""Edits: what each change does, what it refuses, and that nothing else is touched."""

import pytest

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import (
    AddCell,
    AddNode,
    ChangeError,
    Connect,
    Disconnect,
    MoveCell,
    MoveNodes,
    RemoveCell,
    RemoveNode,
    RenameCell,
    SetField,
    SetKind,
    SetLabel,
    SetMuted,
    SetParameter,
    SetShares,
    UnsetParameter,
    changes_from_json,
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


def wire(source, target, port="inputs", position=0, output="output"):
    return Wire(source=Source(source, output), target=Target(target, port, position))


@pytest.fixture
def notebook():
    network = NetworkCell(
        id="net",
        name="classifier",
        nodes={
            "image": Node(kind="Input", params={"shape": [4]}),
            "one": Node(kind="Dense", params={"units": 8, "activation": "relu"}),
            "two": Node(kind="Dense", params={"units": 8}),
            "sum": Node(kind="Add"),
            "out": Node(kind="Output"),
        },
        wires={"w1": wire("image", "one"), "w2": wire("one", "sum"), "w3": wire("sum", "out")},
        layout={"image": Position(0, 0), "one": Position(200, 0)},
    )
    return Notebook(
        cells=(
            TextCell(id="intro", name="intro", text="Hello"),
            DataCell(id="data", name="digits"),
            network,
            TrainingCell(id="fit", name="fit", network="classifier", data="digits"),
            EvaluationCell(id="eval", name="evaluation", training="fit"),
        )
    )


def network(notebook):
    return notebook.cell("classifier")


def test_add_node_puts_node_and_place(notebook):
    after = network(apply(notebook, AddNode(cell="net", id="new", node=Node(kind="Flatten"), position=Position(1, 2))))
    assert after.nodes["new"] == Node(kind="Flatten")
    assert after.layout["new"] == Position(1, 2)


def test_add_node_refuses_an_id_that_is_taken(notebook):
    with pytest.raises(ChangeError, match="already"):
        apply(notebook, AddNode(cell="net", id="one", node=Node(kind="Flatten")))


def test_remove_node_takes_its_wires_and_place_along(notebook):
    after = network(apply(notebook, RemoveNode(cell="net", node="one")))
    assert set(after.nodes) == {"image", "two", "sum", "out"}
    assert set(after.wires) == {"w3"}
    assert set(after.layout) == {"image"}


def test_removing_the_owner_hands_its_weights_to_the_first_sharer(notebook):
    shared = apply_all(
        notebook,
        [
            SetShares(cell="net", node="two", shares="one"),
            AddNode(cell="net", id="zwei", node=Node(kind="Dense", shares="one")),
            RemoveNode(cell="net", node="one"),
        ],
    )
    nodes = network(shared).nodes
    assert nodes["two"] == Node(kind="Dense", params={"units": 8, "activation": "relu"})
    assert nodes["zwei"].shares == "two"


@pytest.mark.parametrize(
    ("node", "shares", "reason"),
    [("sum", "one", "cannot use"), ("one", "one", "owns"), ("one", "gone", "no longer there")],
)
def test_sharing_is_refused_with_the_reason(notebook, node, shares, reason):
    with pytest.raises(ChangeError, match=reason):
        apply(notebook, SetShares(cell="net", node=node, shares=shares))


def test_parameters_are_set_and_unset(notebook):
    after = apply(notebook, SetParameter(cell="net", node="one", parameter="units", value=16))
    assert network(after).nodes["one"].params == {"units": 16, "activation": "relu"}
    after = apply(after, UnsetParameter(cell="net", node="one", parameter="activation"))
    assert network(after).nodes["one"].params == {"units": 16}


def test_label_and_muted_are_set(notebook):
    after = apply_all(
        notebook, [SetLabel(cell="net", node="one", label=" first "), SetMuted(cell="net", node="one", muted=True)]
    )
    assert network(after).nodes["one"].label == "first"
    assert network(after).nodes["one"].muted


def test_move_nodes_touches_the_layout_alone(notebook):
    after = network(apply(notebook, MoveNodes(cell="net", positions={"one": Position(5, 6)})))
    assert after.layout == {"image": Position(0, 0), "one": Position(5, 6)}
    assert after.nodes is network(notebook).nodes
    assert after.wires is network(notebook).wires


def test_wire_into_a_taken_single_port_replaces_the_old_one(notebook):
    after = network(apply(notebook, Connect(cell="net", id="new", wire=wire("one", "out"))))
    assert set(after.wires) == {"w1", "w2", "new"}


def test_wire_into_a_list_port_takes_the_next_position(notebook):
    after = network(apply(notebook, Connect(cell="net", id="new", wire=wire("two", "sum"))))
    assert set(after.wires) == {"w1", "w2", "w3", "new"}
    assert after.wires["new"].target == Target("sum", "inputs", 1)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (wire("sum", "one"), "cycle"),
        (wire("one", "one"), "cycle"),
        (wire("one", "two", port="left"), "no input left"),
        (wire("one", "two", output="state"), "no output state"),
        (wire("one", "two", port="output"), "no input output"),
        (wire("gone", "two"), "no longer there"),
        (wire("out", "two"), "no output output"),
    ],
)
def test_connect_refuses_with_the_reason(notebook, new, reason):
    with pytest.raises(ChangeError, match=reason):
        apply(notebook, Connect(cell="net", id="new", wire=new))


def test_disconnect_removes_one_wire_and_refuses_one_that_is_gone(notebook):
    after = apply(notebook, Disconnect(cell="net", wire="w1"))
    assert set(network(after).wires) == {"w2", "w3"}
    with pytest.raises(ChangeError, match="no longer there"):
        apply(after, Disconnect(cell="net", wire="w1"))


def test_set_kind_keeps_parameters_and_wires_that_fit(notebook):
    after = network(apply(notebook, SetKind(cell="net", node="one", kind="LSTM")))
    assert after.nodes["one"] == Node(kind="LSTM", params={"units": 8, "activation": "relu"})
    assert after.wires["w1"].target == Target("one", "sequences", 0)
    assert after.wires["w2"] is network(notebook).wires["w2"]


def test_rename_cell_follows_references(notebook):
    after = apply(notebook, RenameCell(cell="net", name="convnet"))
    assert after.cell("fit").network == "convnet"
    after = apply(after, RenameCell(cell="fit", name="training"))
    assert after.cell("evaluation").training == "training"


@pytest.mark.parametrize("name", ["digits", "", " x"])
def test_rename_cell_refuses_bad_names(notebook, name):
    with pytest.raises(ChangeError):
        apply(notebook, RenameCell(cell="net", name=name))


def test_cells_are_added_moved_and_removed(notebook):
    after = apply(notebook, AddCell(cell=TextCell(id="end", name="end"), index=1))
    assert [cell.id for cell in after.cells] == ["intro", "end", "data", "net", "fit", "eval"]
    after = apply(after, MoveCell(cell="end", index=5))
    assert [cell.id for cell in after.cells] == ["intro", "data", "net", "fit", "eval", "end"]
    after = apply(after, RemoveCell(cell="intro"))
    assert [cell.id for cell in after.cells] == ["data", "net", "fit", "eval", "end"]


def test_set_field_checks_the_value(notebook):
    assert apply(notebook, SetField(cell="fit", field="epochs", value=3)).cell("fit").epochs == 3
    with pytest.raises(ChangeError, match="epochs of fit"):
        apply(notebook, SetField(cell="fit", field="epochs", value="many"))
    with pytest.raises(ChangeError, match="no setting nodes"):
        apply(notebook, SetField(cell="net", field="nodes", value={}))


def test_set_field_with_key_sets_and_removes_one_entry(notebook):
    after = apply(notebook, SetField(cell="fit", field="inputs", key="image", value="pixels"))
    assert after.cell("fit").inputs == {"image": "pixels"}
    assert apply(after, SetField(cell="fit", field="inputs", key="image", value=None)).cell("fit").inputs == {}


def test_apply_all_is_all_or_nothing(notebook):
    before = notebook.model_dump_json()
    with pytest.raises(ChangeError):
        apply_all(notebook, [RemoveNode(cell="net", node="one"), RemoveNode(cell="net", node="one")])
    assert notebook.model_dump_json() == before


@pytest.mark.parametrize(
    "item",
    [{"change": "explode"}, {"change": "add-node"}, {"change": "move-cell", "cell": "x", "index": "far"}, 7, {}],
)
def test_malformed_changes_are_refused(item):
    with pytest.raises(ChangeError, match="change"):
        changes_from_json([item])
