"""What the canvas is told of the notebook's networks: which of them may stand in the one that is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editor.simulated_browser import SimulatedBrowser
from weftwork.compiler.document import NetworkCell, Node, Notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.notebook_networks import networks_message
from weftwork.editor.open_notebook import OpenNotebook


def network(name: str, *used: str) -> NetworkCell:
    """A network in which these others stand."""
    nodes = {"in": Node(kind="Input", params={"shape": [2]}), "out": Node(kind="Output")}
    nodes |= {f"use_{number}": Node(kind=f"network:{other}") for number, other in enumerate(used)}
    return NetworkCell(id=name.lower(), name=name, nodes=nodes)


BOOK = Notebook(
    cells=(network("Block A"), network("Block B", "Block A"), network("Main", "Block B"), network("Block C"))
)


@pytest.mark.parametrize(
    ("shown", "barred"),
    [
        ("Main", {"Main"}),
        ("Block B", {"Block B", "Main"}),
        ("Block A", {"Block A", "Block B", "Main"}),
        ("Block C", {"Block C"}),
    ],
)
def test_networks_that_the_shown_one_stands_in_are_barred_with_the_reason(shown: str, barred: set[str]) -> None:
    told = networks_message(BOOK, shown=shown)["barred"]
    assert set(told) == {f"network:{name}" for name in barred}
    assert told.pop(f"network:{shown}") == "it would contain itself"
    assert set(told.values()) <= {f"{shown} stands in it: it would contain itself"}


def test_the_search_finds_them_last_and_a_network_that_was_entered_bars_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.weft"
    path.write_text(write_notebook(BOOK), encoding="utf-8")
    notebook = OpenNotebook(path)
    browser = SimulatedBrowser(notebook, "main", "tab_a")
    browser.send({"type": "enter", "steps": ["use_0"]})
    browser.send({"type": "search", "request": 1, "text": "block"})
    browser.deliver()
    rows = [(row["kind"], row["reason"]) for row in browser.rows]
    assert rows[:2] == [("network:Block A", ""), ("network:Block C", "")]
    assert rows[-1] == ("network:Block B", "it would contain itself")
    notebook.close()
