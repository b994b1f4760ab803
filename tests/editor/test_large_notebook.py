"""A network of 10,000 nodes: opened, edited, saved and compared with what was trained. How fast is for `make bench`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.bench.shapes import large_network
from weftwork.compiler.changes import SetParameter
from weftwork.compiler.document import DataCell, Notebook, TrainingCell
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor import autosave
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages import late_look
from weftwork.editor.pages.late_look import LateLook
from weftwork.runtime.kept_outputs import KeptOutputs
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.standing import Surroundings, standings

NODES = 10_000
EDIT = SetParameter(cell="net", node="node_2_001", parameter="units", value=77)


@pytest.fixture(autouse=True)
def _slow_autosave(monkeypatch):
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))


def opened(folder: Path, nodes: int) -> OpenNotebook:
    folder.mkdir(exist_ok=True)
    cells = (
        DataCell(id="data", name="rows", source="csv", location="rows.csv"),
        large_network(nodes),
        TrainingCell(id="fit", name="fit", network="net", data="rows"),
    )
    (folder / "a.weft").write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")
    return OpenNotebook(folder / "a.weft")


def journalled(notebook: OpenNotebook) -> int:
    return (notebook.folder / ".weftwork" / "journal" / f"{notebook.path.name}.jsonl").stat().st_size


def test_edit_among_ten_thousand_nodes_is_a_line_as_short_as_among_a_hundred(tmp_path):
    lengths = []
    for nodes in (100, NODES):
        notebook = opened(tmp_path / str(nodes), nodes)
        notebook.perform("tab", 1, "Set units", [EDIT])
        before = journalled(notebook)
        notebook.perform("tab", 2, "Set units", [EDIT.model_copy(update={"value": 78})])
        lengths.append(journalled(notebook) - before)
        assert notebook.save()
        notebook.close()
        again = OpenNotebook(notebook.path)
        assert again.notebook == notebook.notebook
        assert len(again.notebook.networks()[0].nodes) >= nodes - 10
        again.close()
    assert 0 < lengths[0] == lengths[1] < 2000


def test_what_was_trained_is_stale_with_a_reason_after_one_edit_of_ten_thousand_nodes_and_fresh_after_undo(tmp_path):
    notebook = opened(tmp_path, NODES)
    record = RunRecord(create_run(tmp_path, notebook.notebook, "fit", notebook_name="a.weft"))
    record.begin(on_stop=lambda: None)
    record.run.model_path.write_bytes(b"a model")
    record.end("finished", seconds=2.0)
    around = Surroundings(tmp_path, "a.weft", KeptOutputs(tmp_path))

    def standing() -> tuple[str, tuple[str, ...]]:
        found = standings(notebook.notebook, around)["fit"]
        return found.state, found.why

    assert standing() == ("fresh", ())
    notebook.perform("tab", 1, "Set units", [EDIT])
    assert standing() == ("stale", ("network net changed: 1 node",))
    notebook.undo("tab")
    assert standing() == ("fresh", ())
    notebook.close()


@dataclass
class Page:
    """What a page gives a look to work with; what is asked for beside the edits waits in `beside`."""

    nodes: int
    document: Any = "a tab"
    looks: int = 0
    standings: Any = None
    beside: list[Any] = field(default_factory=list)

    @property
    def open(self) -> Any:
        return SimpleNamespace(notebook=Notebook(cells=(large_network(self.nodes),)))

    @property
    def work(self) -> Any:
        return SimpleNamespace(standings=lambda: {"fit": "stale"})

    def look(self) -> None:
        self.looks += 1

    def background(self, work: Any, done: Any) -> None:
        self.beside.append(lambda: done(work(), None))


def test_look_at_a_large_network_is_made_beside_the_edits_once_for_several(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(late_look, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shown: list[Any] = []
    page: Any = Page(nodes=2000)
    late = LateLook(page, lambda: shown.append(page.standings))
    assert late.look() is False
    for _ in range(5):
        now[0] += late_look.PAUSE_S / 2
        late.look()
        late.tick()
    assert (page.looks, page.beside, shown) == (0, [], [])
    now[0] += late_look.PAUSE_S
    late.tick()
    late.look()
    now[0] += late_look.PAUSE_S
    late.tick()
    (look,) = page.beside  # What was edited meanwhile waits until this one is through.
    look()
    assert shown == [{"fit": "stale"}]
    late.tick()
    assert len(page.beside) == 2


def test_look_at_a_small_network_is_made_at_once():
    page: Any = Page(nodes=100)
    assert LateLook(page, lambda: None).look() is True
    assert (page.looks, page.beside) == (1, [])
