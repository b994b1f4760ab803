"""Two sides of one notebook: what goes together is merged, what does not is a conflict, and nothing is lost."""

from __future__ import annotations

import random

import pytest

from tests.editor.crashes import CELL, start
from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import (
    AddCell,
    AddNode,
    Change,
    ChangeError,
    Connect,
    MoveNodes,
    RemoveCell,
    RemoveNode,
    SetField,
    SetLabel,
    SetParameter,
)
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, TextCell, Wire
from weftwork.compiler.merge_records import merge
from weftwork.compiler.records import diff, put


def sides(ours: list[Change], theirs: list[Change]) -> tuple[Notebook, list[tuple[str, ...]]]:
    """The merged notebook and the addresses in conflict."""
    base = start()
    mine = apply_all(base, ours)
    merged = merge(base, mine, apply_all(base, theirs))
    return put(mine, list(merged.records)), [conflict.address for conflict in merged.conflicts]


def network(notebook: Notebook) -> NetworkCell:
    cell = notebook.cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    return cell


def units(count: int) -> Change:
    return SetParameter(cell=CELL, node="dense_1", parameter="units", value=count)


def test_changes_of_different_places_are_both_there() -> None:
    both, conflicts = sides([units(9)], [SetField(cell="text_1", field="text", value="# Theirs")])
    assert conflicts == []
    assert network(both).nodes["dense_1"].params == {"units": 9}
    assert both.cell("intro").text == "# Theirs"  # type: ignore[union-attr]


def test_different_fields_of_one_node_are_both_there() -> None:
    activation = SetParameter(cell=CELL, node="dense_1", parameter="activation", value="relu")
    both, conflicts = sides([units(9)], [activation, SetLabel(cell=CELL, node="dense_1", label="hidden")])
    assert conflicts == []
    assert network(both).nodes["dense_1"] == Node(
        kind="Dense", params={"units": 9, "activation": "relu"}, label="hidden"
    )


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    both, conflicts = sides([units(9)], [units(9)])
    assert conflicts == []
    assert both == apply(start(), units(9))


def test_two_values_for_one_parameter_are_a_conflict_and_ours_stands() -> None:
    both, conflicts = sides([units(9)], [units(8), SetField(cell="text_1", field="text", value="# Theirs")])
    assert conflicts == [(CELL, "nodes", "dense_1")]
    assert network(both).nodes["dense_1"].params == {"units": 9}
    assert both.cell("intro").text == "# Theirs"  # type: ignore[union-attr]


def test_where_both_moved_a_node_nobody_is_asked() -> None:
    both, conflicts = sides(
        [MoveNodes(cell=CELL, positions={"dense_1": Position(1, 1)})],
        [MoveNodes(cell=CELL, positions={"dense_1": Position(2, 2), "input_1": Position(3, 3)})],
    )
    assert conflicts == []
    assert (network(both).layout["dense_1"], network(both).layout["input_1"]) == (Position(1, 1), Position(3, 3))


def test_a_cell_that_one_side_removed_and_the_other_changed_is_a_conflict() -> None:
    removed, changed = [RemoveCell(cell=CELL)], [units(9)]
    kept, conflicts = sides(changed, removed)
    assert (CELL,) in conflicts
    assert network(kept).nodes["dense_1"].params == {"units": 9}
    gone, conflicts = sides(removed, changed)
    assert conflicts == [(CELL, "nodes", "dense_1")]
    assert [cell.id for cell in gone.cells] == ["text_1"]


def test_a_wire_to_a_node_that_the_other_side_removed_is_a_conflict() -> None:
    remove: list[Change] = [RemoveNode(cell=CELL, node="dense_1")]
    wire: list[Change] = [
        AddNode(cell=CELL, id="add_1", node=Node(kind="Add")),
        Connect(cell=CELL, id="w_9", wire=Wire(source=Source("dense_1"), target=Target("add_1"))),
    ]
    for ours, theirs in ((remove, wire), (wire, remove)):
        both, conflicts = sides(ours, theirs)
        assert conflicts
        ends = {end for w in network(both).wires.values() for end in (w.source.node, w.target.node)}
        assert ends <= set(network(both).nodes)
        assert ("dense_1" in network(both).nodes) == (ours is wire)


def test_cells_that_both_sides_added_stand_where_they_were_put() -> None:
    def text(id_: str, index: int) -> Change:
        return AddCell(cell=TextCell(id=id_, name=id_), index=index)

    both, conflicts = sides([text("ours", 1)], [text("theirs", 0), text("last", 3)])
    assert conflicts == []
    assert [cell.id for cell in both.cells] == ["theirs", "text_1", "ours", CELL, "last"]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_both_sides_do_everything_is_merged_or_in_conflict(seed: int) -> None:
    """Every record ends as one of the two sides has it, or as both together; alone, theirs is complete."""
    dice = random.Random(seed)
    base = start()
    ours, theirs = (_edited(dice, base, side) for side in ("ours", "theirs"))
    merged = merge(base, ours, theirs)
    both = put(ours, list(merged.records))
    disputed = {conflict.address for conflict in merged.conflicts}
    mine = {address for address, _, _ in diff(base, ours)}
    for address, _, new in diff(base, theirs):
        if address not in mine and address not in disputed and address != ("cells",):
            assert dict(merged.records)[address] == new
    for cell in both.cells:
        if isinstance(cell, NetworkCell):
            assert all(end.node in cell.nodes for wire in cell.wires.values() for end in (wire.source, wire.target))
    resolved = put(both, [(conflict.address, conflict.theirs) for conflict in merged.conflicts])
    if not mine:
        assert resolved == theirs
    assert merge(base, ours, base).records == ()
    assert put(base, list(merge(base, base, theirs).records)) == theirs


def _edited(dice: random.Random, notebook: Notebook, side: str) -> Notebook:
    for number in range(dice.randrange(5)):
        cells = [cell for cell in notebook.cells if isinstance(cell, NetworkCell)]
        nodes = list(cells[0].nodes) if cells else []
        node = dice.choice(nodes) if nodes else ""
        change: Change = dice.choice(
            [
                AddCell(cell=TextCell(id=f"{side}_{number}", name=f"{side} {number}"), index=dice.randrange(3)),
                AddNode(cell=CELL, id=f"{side}_{number}", node=Node(kind="Add")),
                RemoveNode(cell=CELL, node=node),
                SetLabel(cell=CELL, node=node, label=f"{side} {number}"),
                SetField(cell="text_1", field="text", value=f"{side} {number}"),
                RemoveCell(cell=dice.choice([CELL, "text_1"])),
                Connect(
                    cell=CELL,
                    id=f"{side}_w{number}",
                    wire=Wire(source=Source("input_1"), target=Target(node, "inputs", number)),
                ),
            ]
        )
        try:
            notebook = apply(notebook, change)
        except ChangeError:
            continue
    return notebook
