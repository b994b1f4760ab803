"""Ten thousand edits with undo take no more memory than the first thousands did."""

from __future__ import annotations

import gc
import random
import tracemalloc
from pathlib import Path

import pytest

from tests.editor.simulated_browser import SimulatedBrowser
from weftwork.compiler.changes import AddNode, Connect, Disconnect, MoveNodes, PutMark, RemoveNode, SetParameter
from weftwork.compiler.document import Mark, NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.history import LIMIT
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.open_notebook import OpenNotebook

CELL = "net_0001"
EDITS = 10_000
# By then the history and the answers that are remembered are full.
FULL = 4_000
MOST_GROWTH = 256 * 1024


def start(folder: Path) -> Path:
    nodes = {f"dense_{number:03}": Node(kind="Dense", params={"units": 4}) for number in range(40)}
    layout = {id_: Position(300 * number, 0) for number, id_ in enumerate(nodes)}
    path = folder / "notebook.weft"
    cell = NetworkCell(id=CELL, name="net", nodes=nodes, layout=layout)
    path.write_text(write_notebook(Notebook(cells=(cell,))), encoding="utf-8")
    return path


class Hand:
    """Edits at random and takes back about as much; the network stays as large as it is."""

    def __init__(self, browser: SimulatedBrowser, seed: int) -> None:
        self._browser, self._dice = browser, random.Random(seed)
        self._made = 0

    def act(self) -> None:
        dice, browser = self._dice, self._browser
        nodes, wires = sorted(browser.records["nodes"]), sorted(browser.records["wires"])
        node = dice.choice(nodes)
        self._made += 1
        choice = dice.random()
        if choice < 0.35:
            browser.post({"type": dice.choice(["undo", "undo", "redo"])})
        elif choice < 0.55:
            browser.gesture("Set", SetParameter(cell=CELL, node=node, parameter="units", value=dice.randint(1, 99)))
        elif choice < 0.7:
            place = Position(dice.randint(0, 9000), dice.randint(0, 900))
            browser.gesture("Move", MoveNodes(cell=CELL, positions={node: place}))
        elif choice < 0.8 and len(nodes) < 60:
            added = Node(kind="Dense", params={"units": 3})
            browser.gesture("Add", AddNode(cell=CELL, id=f"dense_{self._made}", node=added, position=Position(0, 0)))
        elif choice < 0.85 and len(nodes) > 20:
            browser.gesture("Delete", RemoveNode(cell=CELL, node=node))
        elif choice < 0.95 and len(wires) < 60:
            wire = Wire(source=Source(node), target=Target(dice.choice(nodes)))
            browser.gesture("Connect", Connect(cell=CELL, id=f"wire_{self._made}", wire=wire))
        elif wires:
            browser.gesture("Disconnect", Disconnect(cell=CELL, wire=dice.choice(wires)))
        else:
            mark = Mark(kind="note", x=0, y=0, width=9, height=9, text="x")
            browser.gesture("Note", PutMark(cell=CELL, id="note_0001", mark=mark))
        browser.deliver()
        browser.refusals.clear()
        browser.settled.clear()


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_thousand_edits_with_undo_take_no_more_memory_than_the_first(tmp_path: Path) -> None:
    opened = OpenNotebook(start(tmp_path))
    browser = SimulatedBrowser(opened, CELL, "tab_a")
    browser.deliver()
    hand = Hand(browser, seed=5)
    tracemalloc.start()
    taken = []
    for edits in (FULL, EDITS - FULL):
        for _ in range(edits):
            hand.act()
        gc.collect()
        taken.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert taken[1] - taken[0] < MOST_GROWTH, f"{(taken[1] - taken[0]) / 1024:.0f} KiB more"
    assert not browser.waiting
    assert browser.records["nodes"].keys() == opened.notebook.networks()[0].nodes.keys()
    undone = 0
    while opened.undo_label("tab_a"):
        browser.post({"type": "undo"})
        browser.deliver()
        undone += 1
    assert 0 < undone <= LIMIT == 1000
    opened.close()
