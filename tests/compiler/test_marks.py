"""Frames, notes and the points of wires: drawn for readers, undone like all else, and without meaning."""

from __future__ import annotations

import pytest

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import ChangeError, Connect, Disconnect, PutMark, RemoveMark, RemoveNode
from weftwork.compiler.document import Mark, NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.duplicate_cell import duplicate
from weftwork.compiler.keys import network_key
from weftwork.compiler.records import diff, put
from weftwork.compiler.wire_points import point_ids_between, points_of
from weftwork.compiler.write_notebook import write_notebook

FRAME = Mark(kind="frame", x=-20, y=-40, width=600, height=200, text="Encoder", colour="blue")
NOTE = Mark(kind="note", x=0, y=300, width=200, height=80, text="Why so small?\nIt has to squeeze.")


def notebook() -> Notebook:
    nodes = {"input_1": Node(kind="Input", params={"shape": [4]}), "output_1": Node(kind="Output")}
    wires = {"wire_1": Wire(source=Source("input_1"), target=Target("output_1"))}
    cell = NetworkCell(
        id="net_1", name="net", nodes=nodes, wires=wires, layout={"input_1": Position(0, 0), "output_1": Position(9, 0)}
    )
    return Notebook(cells=(cell,))


def point(x: float, y: float, order: float) -> Mark:
    return Mark(kind="point", x=x - 6, y=y - 6, width=12, height=12, wire="wire_1", order=order)


def led() -> Notebook:
    """A note, and the wire through two points, the second drawn first."""
    marks = {"note_1": NOTE, "point_2": point(50, 90, 2), "point_1": point(5, 80, 1)}
    return apply_all(notebook(), [PutMark(cell="net_1", id=id_, mark=mark) for id_, mark in marks.items()])


def net(of: Notebook) -> NetworkCell:
    return of.networks()[0]


def marked() -> Notebook:
    return apply_all(
        notebook(), [PutMark(cell="net_1", id="frame_1", mark=FRAME), PutMark(cell="net_1", id="note_1", mark=NOTE)]
    )


def test_marks_are_drawn_redrawn_and_taken_away() -> None:
    wider = FRAME.model_copy(update={"width": 700.0})
    after = apply(marked(), PutMark(cell="net_1", id="frame_1", mark=wider))
    assert net(after).marks == {"frame_1": wider, "note_1": NOTE}
    assert net(apply(after, RemoveMark(cell="net_1", id="note_1"))).marks == {"frame_1": wider}
    with pytest.raises(ChangeError, match="no longer there"):
        apply(notebook(), RemoveMark(cell="net_1", id="note_1"))


def test_marks_are_records_of_their_own_that_can_be_put_back() -> None:
    before, after = notebook(), marked()
    found = diff(before, after)
    assert {address for address, _, _ in found} == {("net_1", "marks", "frame_1"), ("net_1", "marks", "note_1")}
    assert put(after, [(address, old) for address, old, _ in found]) == before


def test_marks_survive_the_file_and_a_file_without_them_does_not_change() -> None:
    again, problems = read_notebook(write_notebook(led()))
    assert (again, problems) == (led(), [])
    assert "marks" not in write_notebook(notebook())


def test_a_malformed_mark_is_kept_in_the_file_and_told() -> None:
    text = write_notebook(marked()).replace('"width": 600.0', '"width": "wide"')
    read, problems = read_notebook(text)
    assert set(net(read).marks) == {"note_1"}
    assert [problem.code for problem in problems] == ["F610"]
    assert '"width": "wide"' in write_notebook(read)


def test_marks_mean_nothing() -> None:
    assert network_key(net(led())) == network_key(net(notebook()))


def test_points_of_a_wire_go_by_their_order() -> None:
    assert points_of(net(led()), "wire_1") == [(5, 80), (50, 90)]
    assert points_of(net(led()), "wire_2") == []
    assert point_ids_between(net(led()), ["input_1", "output_1"]) == ["point_2", "point_1"]
    assert point_ids_between(net(led()), ["input_1"]) == []


def test_a_bend_of_an_early_file_becomes_a_point() -> None:
    text = write_notebook(notebook()).replace('"output_1": [9, 0]', '"output_1": [9, 0],\n    "wire_1": [5, 80]')
    read, problems = read_notebook(text)
    assert problems == []
    assert points_of(net(read), "wire_1") == [(5, 80)]
    assert set(net(read).layout) == {"input_1", "output_1"}
    assert read_notebook(write_notebook(read)) == (read, [])


@pytest.mark.parametrize(
    "change",
    [
        Disconnect(cell="net_1", wire="wire_1"),
        RemoveNode(cell="net_1", node="input_1"),
        Connect(cell="net_1", id="wire_2", wire=Wire(source=Source("input_1"), target=Target("output_1"))),
    ],
    ids=["disconnected", "node-removed", "replaced"],
)
def test_the_points_of_a_wire_go_with_the_wire_and_come_back_with_it(change) -> None:
    before = led()
    after = apply(before, change)
    assert set(net(after).marks) == {"note_1"}
    assert put(after, [(address, old) for address, old, _ in diff(before, after)]) == before


def test_a_point_of_no_wire_is_refused() -> None:
    with pytest.raises(ChangeError, match="no longer there"):
        apply(notebook(), PutMark(cell="net_1", id="point_1", mark=point(0, 0, 1).model_copy(update={"wire": "gone"})))


def test_a_copy_of_the_network_leads_its_own_wires_through_its_own_points() -> None:
    copy = duplicate(led(), net(led()))
    assert isinstance(copy, NetworkCell)
    (wire,) = copy.wires
    assert points_of(copy, wire) == [(5, 80), (50, 90)]
