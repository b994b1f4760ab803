"""The protocol between canvas and notebook: nothing lost, nothing twice, everyone agrees in the end."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.editor.crashes import CELL, add, crash, in_file, start, units, wire, write_start
from tests.editor.simulated_browser import SimulatedBrowser
from weftwork.compiler.changes import Change, Disconnect, MoveNodes, RemoveNode, SetField, SetMuted, SetParameter
from weftwork.compiler.document import NetworkCell, Position
from weftwork.compiler.problems import Fix, Location, Problem
from weftwork.compiler.records import record_to_json
from weftwork.compiler.specs import NodeShapes, TensorSpec
from weftwork.editor import autosave
from weftwork.editor.findings import Findings
from weftwork.editor.notices import StatusChanged
from weftwork.editor.open_notebook import OpenNotebook


@pytest.fixture(autouse=True)
def _slow_autosave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))


def shown_by(notebook: OpenNotebook) -> dict[str, dict[str, Any]]:
    cell = notebook.notebook.cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    return {
        part: {id_: record_to_json(record) for id_, record in getattr(cell, part).items()}
        for part in ("nodes", "wires", "layout", "marks")
    }


def opened(folder: Path, *tabs: str) -> tuple[OpenNotebook, list[SimulatedBrowser]]:
    notebook = OpenNotebook(write_start(folder))
    browsers = [SimulatedBrowser(notebook, CELL, tab) for tab in tabs]
    for browser in browsers:
        browser.deliver()
    return notebook, browsers


def test_ready_is_answered_with_everything_there_is(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    browser = SimulatedBrowser(notebook, CELL, "tab_a")
    assert browser.connection
    browser.connection.receive(browser.to_server.popleft())
    snapshot, status, history = browser.to_browser
    assert snapshot["cell"] == {"id": CELL, "name": "net", **shown_by(notebook)}
    assert snapshot["kinds"]["kinds"]["Dense"]["parameters"]["units"]["type"] == "int"
    assert (snapshot["revision"], snapshot["unacknowledged_ok"]) == (0, 0)
    assert set(status["nodes"]) == {"input_1", "dense_1", "output_1"}
    assert history == {"type": "history", "undo": None, "redo": None}
    notebook.close()


def test_a_gesture_reaches_every_tab_and_acknowledges_only_its_own(tmp_path: Path) -> None:
    notebook, (mine, other) = opened(tmp_path, "tab_a", "tab_b")
    mine.gesture("Set units", units(9))
    other.gesture("Add", add("dropout_1"))
    for browser in (mine, other, mine):
        browser.deliver()
    assert mine.records == other.records == shown_by(notebook)
    assert mine.settled == other.settled == [1]
    assert mine.history == {"undo": "Set units", "redo": None}
    assert other.history == {"undo": "Add", "redo": None}
    notebook.close()


def test_what_others_see_of_a_network_is_told_again_only_when_it_changes(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    said = []
    browser.take = lambda message, take=browser.take: (said.append(message["type"]), take(message))
    browser.gesture("Set units", units(9))
    browser.deliver()
    assert "changed" in said
    assert "networks" not in said
    browser.gesture("Add", add("input_2", "Input"))
    browser.deliver()
    assert "networks" in said
    notebook.close()


def test_two_networks_on_one_page_number_their_gestures_apart(tmp_path: Path) -> None:
    notebook, (first,) = opened(tmp_path, "tab_a")
    from weftwork.compiler.changes import AddCell

    notebook.perform("tab_a", None, "Add", [AddCell(cell=NetworkCell(id="net_2", name="second"))])
    second = SimulatedBrowser(notebook, "net_2", "tab_a")
    second.deliver()
    first.gesture("Set units", units(9))
    first.deliver()
    second.gesture("Name", SetField(cell="net_2", field="note", value=1))
    second.gesture("Add", add("dropout_1").model_copy(update={"cell": "net_2"}))
    second.deliver()
    first.deliver()
    assert (first.settled, second.settled) == ([1], [1, 2])
    assert set(second.records["nodes"]) == {"dropout_1"}
    assert first.records == shown_by(notebook)
    notebook.close()


def test_a_lost_acknowledgement_is_sent_again_and_nothing_is_done_twice(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.gesture("Add", add("dropout_1"))
    assert browser.connection
    browser.connection.receive(browser.to_server.popleft())
    browser.to_browser.clear()
    assert len(browser.waiting) == 1
    browser.resend()
    browser.deliver()
    assert browser.waiting == []
    assert browser.refusals == []
    assert browser.records == shown_by(notebook)
    assert notebook.revision == 1
    notebook.close()


def test_gestures_made_while_offline_are_applied_after_coming_back(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.lose_connection()
    browser.gesture("Add", add("dropout_1"))
    browser.gesture("Wire", wire("wire_9", "dropout_1", "output_1"))
    assert notebook.revision == 0
    browser.come_back()
    browser.deliver()
    assert browser.waiting == []
    assert "wire_9" in browser.records["wires"]
    assert browser.records == shown_by(notebook)
    notebook.close()


def test_a_gesture_that_overtakes_a_lost_one_waits_for_it(tmp_path: Path) -> None:
    """Made in the moment between the socket's return and the snapshot."""
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.lose_connection()
    browser.gesture("Add", add("dropout_1"))
    browser.online = True
    browser.gesture("Wire", wire("wire_9", "dropout_1", "output_1"))
    browser.send({"type": "ready", "tab": "tab_a"})
    browser.deliver()
    assert browser.waiting == []
    assert browser.refusals == []
    assert "dropout_1" in browser.records["nodes"]
    assert "wire_9" in browser.records["wires"]
    notebook.close()


def test_a_number_that_never_comes_blocks_nothing(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.sequence = 56
    browser.gesture("Add", add("dropout_1"))
    browser.gesture("Add", add("dropout_2"))
    browser.deliver()
    assert browser.waiting == []
    assert {"dropout_1", "dropout_2"} <= set(browser.records["nodes"])
    notebook.close()


def test_a_refusal_carries_its_reason_and_the_present_records(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.records["nodes"]["dense_1"] = {"what": "the browser believed"}
    browser.gesture("Cycle", units(5), wire("wire_9", "output_1", "input_1"))
    browser.deliver()
    assert len(browser.refusals) == 1
    assert browser.waiting == []
    assert browser.records == shown_by(notebook)
    notebook.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_a_refusal_that_was_lost_on_the_way_is_told_when_the_tab_is_back(tmp_path: Path, restarted: bool) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.gesture("Wire", wire("wire_9", "nowhere", "output_1"))
    browser.gesture("Add", add("dropout_1"))
    assert browser.connection
    for _ in range(2):
        browser.connection.receive(browser.to_server.popleft())
    browser.lose_connection()
    if restarted:
        notebook = OpenNotebook(crash(notebook))
        browser.connect(notebook)
    else:
        browser.come_back()
    browser.deliver()
    (reason,) = browser.refusals
    assert ("started again before it said why" if restarted else "no longer there") in reason
    assert browser.waiting == []
    assert browser.records == shown_by(notebook)
    notebook.close()


def test_a_tab_loaded_anew_may_use_the_number_of_a_refused_gesture(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.gesture("Wire", wire("wire_9", "nowhere", "output_1"))
    browser.deliver()
    browser.sequence = 0
    browser.connect(notebook)
    browser.deliver()
    browser.gesture("Add", add("dropout_1"))
    browser.deliver()
    assert "dropout_1" in browser.records["nodes"]
    notebook.close()


def test_undo_and_redo_go_by_tab_and_are_sent_again_like_any_gesture(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.gesture("Add", add("dropout_1"))
    browser.post({"type": "undo"})
    browser.deliver()
    browser.resend()
    assert browser.history == {"undo": None, "redo": "Add"}
    browser.waiting = [{"type": "undo", "tab": "tab_a", "sequence": 2, "revision": 0}]
    browser.resend()
    browser.deliver()
    assert (browser.waiting, browser.refusals) == ([], [])
    browser.post({"type": "redo"})
    browser.deliver()
    assert "dropout_1" in browser.records["nodes"]
    notebook.close()


def test_accepting_a_fix_is_an_ordinary_gesture_even_when_sent_twice(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    problem = Problem("S201", "Too few units", Location("net", "dense_1"), fixes=(Fix("Use 10 units", (units(10),)),))
    notebook.findings = Findings(0, True, (problem,))
    notebook.tell(StatusChanged(0, True))
    browser.deliver()
    (shown,) = browser.problems
    assert browser.status["dense_1"]["problems"] == [shown]
    assert shown["fixes"] == ["Use 10 units"]
    browser.post({"type": "fix", "problem": shown["id"], "fix": 0})
    fix = browser.waiting[0]
    browser.deliver()
    notebook.findings = Findings(1, True, ())
    notebook.tell(StatusChanged(1, True))
    browser.waiting = [fix]
    browser.resend()
    browser.deliver()
    assert (browser.waiting, browser.refusals, browser.problems) == ([], [], [])
    assert browser.history["undo"] == "Use 10 units"
    assert browser.records["nodes"]["dense_1"]["params"] == {"units": 10}
    browser.post({"type": "fix", "problem": shown["id"], "fix": 0})
    browser.deliver()
    assert browser.refusals == ["this problem is no longer there"]
    notebook.close()


def test_tidying_up_moves_nodes_in_one_undoable_gesture(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    browser.gesture("Move", MoveNodes(cell=CELL, positions={"dense_1": Position(-50.0, 900.0)}))
    browser.post({"type": "layout"})
    layout = browser.waiting[-1]
    browser.deliver()
    places = [browser.records["layout"][id_][0] for id_ in ("input_1", "dense_1", "output_1")]
    assert places == sorted(places)
    browser.waiting = [layout]
    browser.resend()
    browser.deliver()
    assert browser.refusals == []
    browser.post({"type": "undo"})
    browser.deliver()
    assert browser.records["layout"]["dense_1"] == [-50.0, 900.0]
    notebook.close()


def test_status_messages_carry_only_what_changed(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    dense = NodeShapes({"output": TensorSpec((None, 3))}, 15, 15)
    notebook.findings = Findings(0, True, (), {"net": {"dense_1": dense}})
    notebook.tell(StatusChanged(0, True))
    message = browser.to_browser[-1]
    assert message["nodes"] == {
        "dense_1": {"shapes": {"output": [None, 3]}, "dtype": {"output": "float32"}, "parameters": 15, "problems": []}
    }
    assert "problems" not in message
    browser.deliver()
    notebook.tell(StatusChanged(0, True))
    assert not browser.to_browser
    browser.gesture("Remove", RemoveNode(cell=CELL, node="dense_1"))
    browser.deliver()
    notebook.tell(StatusChanged(1, False))
    browser.deliver()
    assert set(browser.status) == {"input_1", "output_1"}
    notebook.close()


def test_ports_that_a_parameter_opens_are_told(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    lstm = add("lstm_1", "LSTM")
    state = SetParameter(cell=CELL, node="lstm_1", parameter="return_state", value=True)
    browser.gesture("Add", lstm, state)
    browser.deliver()
    notebook.tell(StatusChanged(1, False))
    browser.deliver()
    assert [port["name"] for port in browser.status["lstm_1"]["outputs"]] == ["output", "state_h", "state_c"]
    notebook.close()


class Wide:
    """An oracle for which every node gives ten values, except Conv2D, which is refused."""

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        return {
            id_: NodeShapes(refused="Conv2D takes images.")
            if node.kind == "Conv2D"
            else NodeShapes({"output": TensorSpec((None, 10))})
            for id_, node in network.nodes.items()
        }


def test_the_palette_shows_shapes_and_reasons_for_the_wire_at_hand(tmp_path: Path) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    notebook.oracle = Wide()
    notebook.findings = Findings(0, True, (), {"net": {"input_1": NodeShapes({"output": TensorSpec((None, 4))})}})
    browser.send({"type": "search", "request": 1, "text": "dense 10", "source": {"node": "input_1", "port": "output"}})
    browser.send({"type": "search", "request": 2, "text": "conv", "source": {"node": "input_1", "port": "output"}})
    browser.deliver()
    import threading

    for thread in threading.enumerate():
        if thread.name == "palette shapes":
            thread.join(30)
    browser.deliver()
    last = browser.rows[-1]
    assert (last["kind"], last["shape"], last["reason"]) == ("Conv2D", None, "Conv2D takes images.")
    assert [row["shape"] for row in browser.rows[:-1]] == [[None, 10]] * (len(browser.rows) - 1)
    assert all(row["kind"] != "Input" for row in browser.rows)
    notebook.close()


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "nonsense"},
        {"type": "gesture"},
        {"type": "gesture", "sequence": "1"},
        {"type": "gesture", "sequence": 0, "changes": []},
        {"type": "gesture", "sequence": 1, "changes": 7},
        {"type": "gesture", "sequence": 1, "changes": [{"change": "blow-up"}]},
        {"type": "gesture", "sequence": 1, "changes": [{"change": "restore-records", "records": [], "expected": []}]},
        {"type": "fix", "sequence": 1, "problem": None, "fix": 0},
        {"type": "search", "request": "x", "text": 5},
        {"type": "select", "nodes": 5},
    ],
    ids=str,
)
def test_messages_that_make_no_sense_are_refused_or_passed_over(tmp_path: Path, message: dict[str, Any]) -> None:
    notebook, (browser,) = opened(tmp_path, "tab_a")
    assert browser.connection
    browser.connection.receive(message)
    assert [answer["type"] for answer in browser.to_browser] == (["refused"] if message.get("sequence") == 1 else [])
    assert notebook.notebook == start()
    notebook.close()


def random_gesture(dice: random.Random, browser: SimulatedBrowser, made: int) -> None:
    """Something that a person may do with what this browser shows; it need not fit what others have done."""
    nodes = sorted(browser.records["nodes"]) or ["input_1"]
    wires = sorted(browser.records["wires"]) or ["wire_1"]
    node = dice.choice(nodes)
    match dice.randrange(12):
        case 0 | 1 | 2:
            browser.gesture("Add", add(f"{browser.tab}_{made}", dice.choice(["Dense", "Add", "Dropout"])))
        case 3 | 4:
            browser.gesture("Wire", wire(f"w_{browser.tab}_{made}", node, dice.choice(nodes)))
        case 5:
            browser.gesture("Remove", RemoveNode(cell=CELL, node=node))
        case 6:
            browser.gesture("Unwire", Disconnect(cell=CELL, wire=dice.choice(wires)))
        case 7:
            places = {id_: Position(dice.randrange(900), dice.randrange(900)) for id_ in dice.sample(nodes, 1)}
            browser.gesture("Move", MoveNodes(cell=CELL, positions=places))
        case 8:
            browser.gesture("Mute", SetMuted(cell=CELL, node=node, muted=dice.random() < 0.5))
        case 9:
            changes: list[Change] = [
                SetParameter(cell=CELL, node=node, parameter="units", value=dice.randrange(1, 9)),
                SetField(cell="text_1", field="text", value=f"{browser.tab} {made}"),
            ]
            browser.gesture("Both", *changes)
        case 10:
            browser.post({"type": "undo"})
        case _:
            browser.post({"type": dice.choice(["redo", "layout"])})


@pytest.mark.parametrize("seed", range(25))
def test_server_file_and_browsers_agree_whatever_gets_lost(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random gestures in three tabs, undo and redo, lost connections, page loads, restarts of the server, saving."""
    # The server dies here, not the machine; waiting for the disk would be most of the time.
    monkeypatch.setattr("os.fsync", lambda _: None)
    dice = random.Random(seed)
    notebook, browsers = opened(tmp_path, "tab_a", "tab_b", "tab_c")
    posted = 0
    for made in range(120):
        browser = dice.choice(browsers)
        match dice.randrange(24):
            case 0:
                browser.lose_connection()
            case 1 if not browser.online:
                browser.come_back()
            case 2:
                browser.resend()
            case 3:
                browser.connect(notebook)
            case 4 if dice.random() < 0.4:
                if dice.random() < 0.7:
                    crash(notebook)
                else:
                    notebook.close()
                notebook = OpenNotebook(notebook.path)
                for one in browsers:
                    one.lose_connection()
                    one.connect(notebook)
            case 5:
                assert notebook.save()
            case _:
                random_gesture(dice, browser, made)
                posted += 1
        dice.choice(browsers).deliver(dice.randrange(6))
    for browser in browsers:
        if not browser.online:
            browser.come_back()
        browser.resend()
        browser.deliver()
    for browser in browsers:
        browser.deliver()
    assert [browser.waiting for browser in browsers] == [[], [], []]
    assert [browser.records for browser in browsers] == [shown_by(notebook)] * 3
    assert notebook.revision <= posted
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    assert again.close()
    assert in_file(again.path) == notebook.notebook


def test_backbones_are_found_by_name_where_no_layer_is_meant(tmp_path: Path) -> None:
    _, (browser,) = opened(tmp_path, "tab_a")

    found = {}
    for number, text in enumerate(("dense", "densen", "vgg")):
        browser.send({"type": "search", "request": number, "text": text, "source": None})
        browser.deliver()
        found[text] = [row["kind"] for row in browser.rows if row["family"] == "Backbones"]

    assert found["dense"] == []
    assert found["densen"] == ["network:DenseNet121", "network:DenseNet169", "network:DenseNet201"]
    assert found["vgg"] == ["network:VGG16", "network:VGG19"]
