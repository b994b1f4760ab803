"""Undo and redo: derived from records, by tab, bounded; random edits come back exactly."""

import random

import pytest

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import (
    AddCell,
    AddNode,
    ChangeError,
    Connect,
    MoveNodes,
    RemoveCell,
    RemoveNode,
    RenameCell,
    SetField,
    SetMuted,
    SetParameter,
    changes_from_json,
)
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, TextCell, Wire
from weftwork.compiler.history import Gesture, History
from weftwork.compiler.records import diff, put, record_from_json, record_to_json


def perform(notebook, history, changes, tab="a", merge=False):
    after = apply_all(notebook, changes)
    history.record(Gesture(tab, "edit", diff(notebook, after)), merge=merge)
    return after


def undo(notebook, history, tab="a"):
    gesture = history.next_undo(tab)
    after = apply(notebook, gesture.backward())
    history.undone(gesture)
    return after


def redo(notebook, history, tab="a"):
    gesture = history.next_redo(tab)
    after = apply(notebook, gesture.forward())
    history.redone(gesture)
    return after


@pytest.fixture
def notebook():
    return Notebook(cells=(NetworkCell(id="net", name="net", nodes={"a": Node(kind="Dense")}),))


def test_undo_brings_back_a_removed_cell_with_its_nodes(notebook):
    history = History()
    after = perform(notebook, history, [RemoveCell(cell="net")])
    assert undo(after, history) == notebook


def test_redo_does_it_again(notebook):
    history = History()
    after = perform(notebook, history, [SetParameter(cell="net", node="a", parameter="units", value=3)])
    back = undo(after, history)
    assert redo(back, history) == after
    assert history.next_redo("a") is None


def test_each_tab_undoes_its_own_gestures(notebook):
    history = History()
    after = perform(notebook, history, [AddNode(cell="net", id="x", node=Node(kind="Flatten"))], tab="a")
    after = perform(after, history, [AddNode(cell="net", id="y", node=Node(kind="Flatten"))], tab="b")
    assert set(undo(after, history, tab="a").cell("net").nodes) == {"a", "y"}


def test_undo_is_refused_where_another_tab_changed_the_same_record(notebook):
    history = History()
    one = [SetParameter(cell="net", node="a", parameter="units", value=1)]
    two = [SetParameter(cell="net", node="a", parameter="units", value=2)]
    after = perform(perform(notebook, history, one, tab="a"), history, two, tab="b")
    with pytest.raises(ChangeError, match="newer edit"):
        undo(after, history, tab="a")


def test_equal_gestures_are_undone_latest_first(notebook):
    history = History()
    for muted in (True, False, True):
        notebook = perform(notebook, history, [SetMuted(cell="net", node="a", muted=muted)])
    for expected in (False, True, False):
        notebook = undo(notebook, history)
        assert notebook.cell("net").nodes["a"].muted is expected


def test_keystrokes_merge_into_one_gesture(notebook):
    history = History()
    after = notebook
    for units in (1, 12, 128):
        change = SetParameter(cell="net", node="a", parameter="units", value=units)
        after = perform(after, history, [change], merge=True)
    assert undo(after, history) == notebook
    assert history.next_undo("a") is None


def test_a_new_gesture_forgets_what_was_undone(notebook):
    history = History()
    after = undo(perform(notebook, history, [SetMuted(cell="net", node="a", muted=True)]), history)
    perform(after, history, [SetParameter(cell="net", node="a", parameter="units", value=1)])
    assert history.next_redo("a") is None


def test_history_is_bounded(notebook):
    history = History(limit=3)
    for units in range(10):
        notebook = perform(notebook, history, [SetParameter(cell="net", node="a", parameter="units", value=units)])
    for _ in range(3):
        notebook = undo(notebook, history)
    assert history.next_undo("a") is None
    assert notebook.cell("net").nodes["a"].params == {"units": 6}


def random_change(rng, notebook):
    networks = [cell for cell in notebook.cells if isinstance(cell, NetworkCell)]
    fresh = f"{rng.randrange(10**6):06}"
    if not networks or rng.random() < 0.05:
        return AddCell(cell=NetworkCell(id="n" + fresh, name="n" + fresh), index=rng.choice([None, 0, 1]))
    cell = rng.choice(networks)
    nodes = sorted(cell.nodes)
    choice = rng.random()
    if choice < 0.05:
        return AddCell(cell=TextCell(id="t" + fresh, name="t" + fresh, text=fresh))
    if choice < 0.08:
        return RemoveCell(cell=rng.choice(notebook.cells).id)
    if choice < 0.12:
        return RenameCell(cell=cell.id, name="r" + fresh)
    if choice < 0.16:
        texts = [cell for cell in notebook.cells if isinstance(cell, TextCell)]
        return SetField(cell=(texts or [cell])[0].id, field="text", value=fresh)
    if choice < 0.4 or len(nodes) < 2:
        kind = rng.choice(["Dense", "Add", "LSTM", "Output", "Nothing"])
        return AddNode(cell=cell.id, id="k" + fresh, node=Node(kind=kind), position=Position(rng.random(), 1))
    if choice < 0.5:
        return RemoveNode(cell=cell.id, node=rng.choice(nodes))
    if choice < 0.6:
        return MoveNodes(cell=cell.id, positions={rng.choice(nodes): Position(rng.random(), rng.random())})
    if choice < 0.7:
        return SetParameter(cell=cell.id, node=rng.choice(nodes), parameter="units", value=rng.randrange(9))
    source, target = rng.sample(nodes, 2)
    port = rng.choice(["inputs", "sequences"])
    return Connect(cell=cell.id, id="w" + fresh, wire=Wire(source=Source(source), target=Target(target, port)))


@pytest.mark.parametrize("seed", range(20))
def test_random_edits_undo_and_redo_exactly(seed):
    rng = random.Random(seed)
    notebook, history, states = Notebook(), History(), []
    for _ in range(120):
        gesture = [random_change(rng, notebook) for _ in range(rng.choice([1, 1, 2]))]
        try:
            after = perform(notebook, history, gesture)
        except ChangeError:
            continue
        # What the journal and the browser see: the differences as plain data give the same notebook.
        plain = [(address, record_from_json(address, record_to_json(new))) for address, _, new in diff(notebook, after)]
        assert put(notebook, plain) == after
        states.append(notebook)
        notebook = after
    last = notebook
    for state in reversed(states):
        notebook = undo(notebook, history)
        assert notebook == state
    for _ in states:
        notebook = redo(notebook, history)
    assert notebook == last


def test_restore_survives_the_journal(notebook):
    history = History()
    after = perform(notebook, history, [RemoveNode(cell="net", node="a")])
    plain = history.next_undo("a").backward().model_dump(mode="json")
    (change,) = changes_from_json([plain])
    assert apply(after, change) == notebook


def test_a_whole_number_for_one_with_a_point_is_an_edit(notebook):
    history = History()
    before = perform(notebook, history, [SetParameter(cell="net", node="a", parameter="units", value=2.0)])
    after = perform(before, history, [SetParameter(cell="net", node="a", parameter="units", value=2)])
    assert [address for address, _, _ in history.next_undo("a").records] == [("net", "nodes", "a")]
    assert type(after.cell("net").nodes["a"].params["units"]) is int
    assert type(undo(after, history).cell("net").nodes["a"].params["units"]) is float
