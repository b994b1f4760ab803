"""Frames, notes and bent wires: drawn for readers, undone like all else, and without meaning."""

from __future__ import annotations

import pytest

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import ChangeError, Connect, Disconnect, MoveNodes, PutMark, RemoveMark, RemoveNode
from weftwork.compiler.document import Mark, NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.keys import network_key
from weftwork.compiler.records import diff, put
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


def test_marks_and_bent_wires_survive_the_file_and_a_file_without_them_does_not_change() -> None:
    bent = apply(marked(), MoveNodes(cell="net_1", positions={"wire_1": Position(5, 80)}))
    again, problems = read_notebook(write_notebook(bent))
    assert (again, problems) == (bent, [])
    assert "marks" not in write_notebook(notebook())


def test_a_malformed_mark_is_kept_in_the_file_and_told() -> None:
    text = write_notebook(marked()).replace('"width": 600.0', '"width": "wide"')
    read, problems = read_notebook(text)
    assert set(net(read).marks) == {"note_1"}
    assert [problem.code for problem in problems] == ["F610"]
    assert '"width": "wide"' in write_notebook(read)


def test_marks_and_bends_mean_nothing() -> None:
    bent = apply(marked(), MoveNodes(cell="net_1", positions={"wire_1": Position(5, 80)}))
    assert network_key(net(bent)) == network_key(net(notebook()))


@pytest.mark.parametrize(
    "change",
    [
        Disconnect(cell="net_1", wire="wire_1"),
        RemoveNode(cell="net_1", node="input_1"),
        MoveNodes(cell="net_1", positions={"wire_1": None}),
        Connect(cell="net_1", id="wire_2", wire=Wire(source=Source("input_1"), target=Target("output_1"))),
    ],
    ids=["disconnected", "node-removed", "straightened", "replaced"],
)
def test_the_point_of_a_bent_wire_goes_with_the_wire(change) -> None:
    bent = apply(notebook(), MoveNodes(cell="net_1", positions={"wire_1": Position(5, 80)}))
    assert net(bent).layout["wire_1"] == (5, 80)
    assert "wire_1" not in net(apply(bent, change)).layout


def test_a_node_cannot_be_left_without_a_place() -> None:
    with pytest.raises(ChangeError, match="stand somewhere"):
        apply(notebook(), MoveNodes(cell="net_1", positions={"input_1": None}))
