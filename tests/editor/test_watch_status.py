"""The background check: structure at once, shapes when Keras can be asked, always of the latest revision."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.crashes import CELL, add, units, write_start
from weftwork.compiler.changes import AddCell, RemoveNode
from weftwork.compiler.document import DataCell, NetworkCell, Notebook
from weftwork.compiler.problems import Location, Problem
from weftwork.compiler.specs import DataDescription, DataField, NodeShapes, TensorSpec
from weftwork.editor import autosave, describe_data
from weftwork.editor.notices import Notice, StatusChanged
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.watch_status import StatusWatch
from weftwork.runtime.host import TaskFailed

PATIENCE_S = 30


class FakeHost:
    """Stands for the process with TensorFlow; its oracle knows input, dense and output."""

    def __init__(self, state: str = "ready") -> None:
        self.state = state
        self.asked = 0
        self.fails = 0

    def oracle(self) -> FakeHost:
        return self

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        self.asked += 1
        if self.fails:
            self.fails -= 1
            raise TaskFailed("the process ended")
        found = {}
        for id_, node in network.nodes.items():
            if node.params.get("units") == 13:
                found[id_] = NodeShapes(refused="Thirteen is refused.")
            else:
                found[id_] = NodeShapes({"output": TensorSpec((None, node.params.get("units", 4)))}, 1, 1)
        return found


class Watched:
    def __init__(self, folder: Path, host: Any) -> None:
        self.notebook = OpenNotebook(write_start(folder))
        self.heard: list[StatusChanged] = []
        self._news = threading.Condition()
        self.notebook.subscribe(self._hear)
        self.watch = StatusWatch(self.notebook, host)

    def _hear(self, notice: Notice) -> None:
        with self._news:
            if isinstance(notice, StatusChanged):
                self.heard.append(notice)
            self._news.notify_all()

    def until(self, claim: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(claim, PATIENCE_S)

    def complete(self, revision: int) -> bool:
        return (self.notebook.findings.revision, self.notebook.findings.complete) == (revision, True)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], Watched]]:
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))
    made: list[Watched] = []

    def make(host: Any) -> Watched:
        made.append(Watched(tmp_path, host))
        return made[-1]

    yield make
    for one in made:
        one.watch.close()
        one.notebook.close()


def codes(notebook: OpenNotebook) -> list[str]:
    return sorted(problem.code for problem in notebook.problems)


def test_shapes_and_program_are_known_after_opening_and_after_an_edit(watched: Callable[[Any], Watched]) -> None:
    one = watched(FakeHost())
    one.until(lambda: one.complete(0))
    assert one.notebook.shapes["net"]["dense_1"].outputs["output"].shape == (None, 3)
    assert one.notebook.findings.programs["net"].name
    one.notebook.perform("tab_a", 1, "Set units", [units(8)])
    one.until(lambda: one.complete(1))
    assert one.notebook.shapes["net"]["dense_1"].outputs["output"].shape == (None, 8)


def test_structure_is_checked_at_once_while_tensorflow_loads_and_shapes_follow(
    watched: Callable[[Any], Watched],
) -> None:
    host = FakeHost("starting")
    one = watched(host)
    one.notebook.perform("tab_a", 1, "Add", [add("conv_1", "Conv2D")])
    one.until(lambda: one.notebook.findings.revision == 1)
    assert "P303" in codes(one.notebook) or "W101" in codes(one.notebook)
    assert not one.notebook.findings.complete
    assert host.asked == 0
    host.state = "ready"
    one.until(lambda: one.complete(1))
    assert "dense_1" in one.notebook.shapes["net"]


def test_what_keras_refused_stays_shown_until_it_is_asked_again(watched: Callable[[Any], Watched]) -> None:
    host = FakeHost()
    one = watched(host)
    one.notebook.perform("tab_a", 1, "Set units", [units(13)])
    one.until(lambda: one.complete(1))
    assert codes(one.notebook) == ["S201"]
    host.state = "gone"
    one.notebook.perform("tab_a", 2, "Add", [add("dropout_1")])
    one.until(lambda: one.notebook.findings.revision == 2)
    assert "S201" in codes(one.notebook)
    one.notebook.perform("tab_a", 3, "Remove", [RemoveNode(cell=CELL, node="dense_1")])
    one.until(lambda: one.notebook.findings.revision == 3)
    assert "S201" not in codes(one.notebook)
    assert "dense_1" not in one.notebook.shapes["net"]


def test_a_host_that_dies_is_asked_again(watched: Callable[[Any], Watched]) -> None:
    host = FakeHost()
    host.fails = 2
    one = watched(host)
    one.until(lambda: one.complete(0))
    assert host.asked >= 3


def test_data_cells_are_described_once_for_each_setting(
    watched: Callable[[Any], Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[str] = []

    def describe(cell: DataCell, folder: Path) -> tuple[DataDescription, list[Problem]]:
        described.append(cell.location)
        if cell.location == "broken.csv":
            raise ValueError("a comma is missing")
        problems = [Problem("D501", "The file is missing.", Location(cell.name))]
        return DataDescription({"x": DataField("x", (4,))}, rows=7), problems if cell.location == "gone.csv" else []

    monkeypatch.setattr(describe_data.DataDescriptions.__init__, "__defaults__", (describe,))
    one = watched(FakeHost())
    cell = DataCell(id="data_1", name="table", source="csv", location="here.csv")
    one.notebook.perform("tab_a", 1, "Add", [AddCell(cell=cell)])
    one.until(lambda: "table" in one.notebook.findings.data)
    assert one.notebook.findings.data["table"].rows == 7
    gone = cell.model_copy(update={"id": "data_2", "name": "other", "location": "gone.csv"})
    broken = cell.model_copy(update={"id": "data_3", "name": "third", "location": "broken.csv"})
    one.notebook.perform("tab_a", 2, "Add", [AddCell(cell=gone), AddCell(cell=broken)])
    one.until(lambda: {"D500", "D501"} <= set(codes(one.notebook)))
    one.notebook.undo("tab_a", 3)
    one.until(lambda: "D501" not in codes(one.notebook))
    one.notebook.redo("tab_a", 4)
    one.until(lambda: {"D500", "D501"} <= set(codes(one.notebook)))
    assert sorted(described) == ["broken.csv", "gone.csv", "here.csv"]


def test_a_file_that_changes_is_described_again(tmp_path: Path) -> None:
    seen: list[int] = []
    finished = threading.Event()

    def describe(cell: DataCell, folder: Path) -> tuple[DataDescription, list[Problem]]:
        seen.append((folder / cell.location).stat().st_size)
        return DataDescription(), []

    descriptions = describe_data.DataDescriptions(tmp_path, finished.set, describe)
    notebook = Notebook(cells=(DataCell(id="data_1", name="table", source="csv", location="a.csv"),))
    for content in ("a", "a,b"):
        (tmp_path / "a.csv").write_text(content)
        finished.clear()
        descriptions.of(notebook)
        assert finished.wait(PATIENCE_S)
        assert "table" in descriptions.of(notebook)[0]
    assert seen == [1, 3]
    descriptions.close()
