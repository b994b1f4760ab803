"""Two Weftworks on one file: one writes, the other says who does, reads along, and may take over afterwards."""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.crashes import CELL, in_file, units, write_start
from weftwork.compiler.document import NetworkCell
from weftwork.editor.notices import Applied, Changed, Notice, Refused
from weftwork.editor.one_writer import Holder, OneWriter
from weftwork.editor.open_notebook import OpenNotebook

_OTHER = """
import sys
from pathlib import Path
from weftwork.compiler.changes import SetParameter
from weftwork.editor.open_notebook import OpenNotebook
notebook = OpenNotebook(Path(sys.argv[1]))
print("open", flush=True)
for line in sys.stdin:
    change = SetParameter(cell="net_1", node="dense_1", parameter="units", value=int(line))
    notebook.perform("tab_z", None, "Set", [change])
    print(notebook.save(), flush=True)
"""


class OtherServer:
    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _OTHER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.said()

    def said(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def set_units(self, count: int) -> None:
        assert self.process.stdin
        print(count, file=self.process.stdin, flush=True)
        assert self.said() == "True"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[OtherServer]:
    server = OtherServer(write_start(tmp_path))
    yield server
    server.kill()


def layer(notebook: OpenNotebook) -> dict[str, Any]:
    cell = notebook.notebook.cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    return cell.nodes["dense_1"].params


def test_the_second_says_who_writes_reads_along_and_takes_over_when_that_is_gone(
    tmp_path: Path, other: OtherServer
) -> None:
    other.set_units(4)
    notebook = OpenNotebook(tmp_path / "a.weft")
    told: list[Notice] = []
    notebook.subscribe(told.append)
    assert notebook.file.held_by is not None
    assert (notebook.file.held_by.pid, notebook.file.held_by.user) == (other.process.pid, getpass.getuser())
    refused = notebook.perform("tab_a", 1, "Set", [units(9)])
    assert isinstance(refused, Refused)
    assert str(other.process.pid) in refused.reason
    other.set_units(5)
    notebook.file.look()
    assert layer(notebook) == {"units": 5}
    assert any(isinstance(notice, Changed) for notice in told)
    assert not notebook.take_over()
    other.kill()
    assert notebook.take_over()
    assert notebook.file.held_by is None
    assert isinstance(notebook.perform("tab_a", 2, "Set", [units(9)]), Applied)
    assert notebook.close()
    cell = in_file(tmp_path / "a.weft").cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    assert cell.nodes["dense_1"].params == {"units": 9}


def test_taking_over_brings_what_the_killed_one_had_not_saved(tmp_path: Path, other: OtherServer) -> None:
    notebook = OpenNotebook(tmp_path / "a.weft")
    other.kill()
    dead = OpenNotebook(tmp_path / "a.weft")
    dead.perform("tab_z", 1, "Set", [units(7)])
    dead.file.close()  # as a process that dies: nothing is saved
    assert layer(notebook) == {"units": 3}
    assert notebook.take_over()
    assert layer(notebook) == {"units": 7}
    notebook.close()


def test_a_lock_without_a_name_or_with_a_torn_one_is_still_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    one, two = OneWriter(path), OneWriter(path)
    assert one.acquire()
    path.write_text('{"user": "us')
    assert not two.acquire()
    assert two.holder() == Holder()
    assert two.holder().words() == "another Weftwork"
    one.release()
    assert two.acquire()
    two.release()


def test_a_holder_on_another_machine_is_told_with_its_name() -> None:
    assert Holder("ada", "loom-7", 41).words() == "another Weftwork of ada on loom-7 (process 41)"
