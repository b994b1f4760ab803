"""What the editor says of its parts, on the page and to `weftwork doctor`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from weftwork.editor.pages.parts_chip import parts_chip
from weftwork.editor.parts import PartsWatch, part_of_runs, parts_elsewhere, take_down, write_down
from weftwork.runtime.part import HOST, RUNS, SERVER, SHAPES, Part
from weftwork.runtime.process_identity import this_process
from weftwork.runtime.seen_runs import SeenRuns


class Host:
    """A host whose state a test sets."""

    def __init__(self) -> None:
        self.state, self.why = "starting", ""

    def parts(self) -> tuple[Part, Part]:
        return Part(HOST, self.state, self.why), Part(SHAPES, self.state)


def run_directory(folder: Path, name: str, state: str, pid: int = 0) -> None:
    path = folder / ".weftwork" / "runs" / name
    path.mkdir(parents=True)
    number, started = this_process() if pid else (1, "another boot")
    import platform

    info = {"state": state, "machine": platform.node(), "pid": number, "process_start": started}
    (path / "run.json").write_text(json.dumps(info))


def test_lost_runs_are_named_with_the_way_to_resume_them(tmp_path: Path) -> None:
    assert part_of_runs(SeenRuns(tmp_path)) == Part(RUNS, "up", "None is under way.")
    run_directory(tmp_path, "20260101-a", "finished")
    run_directory(tmp_path, "20260102-b", "running", pid=os.getpid())
    assert part_of_runs(SeenRuns(tmp_path)) == Part(RUNS, "up", "1 running")
    run_directory(tmp_path, "20260103-c", "running")
    gone = part_of_runs(SeenRuns(tmp_path))
    assert (gone.state, "20260103-c" in gone.why, "--resume" in gone.remedy) == ("gone", True, True)


def test_another_process_reads_what_the_server_notes_of_its_parts(tmp_path: Path) -> None:
    host = Host()
    watch = PartsWatch(host, tmp_path, 5006)
    host.state, host.why = "gone", "TensorFlow could not be imported: no such file"
    watch.look()
    parts = {part.name: part for part in parts_elsewhere(tmp_path)}
    assert (parts[SERVER].state, parts[SERVER].why) == ("up", "http://127.0.0.1:5006")
    assert (parts[HOST].state, parts[HOST].why) == ("gone", "TensorFlow could not be imported: no such file")
    assert "Start again" in parts[HOST].remedy
    assert RUNS in parts
    watch.close()
    assert [part.name for part in parts_elsewhere(tmp_path)] == [SERVER, RUNS]


def test_a_server_that_was_killed_is_told_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from weftwork.editor.parts import write_down;"
        "from weftwork.runtime.part import Part; write_down(Path(sys.argv[1]), (Part('Server', 'up'),), 5006)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=True, timeout=120)
    (gone, _) = parts_elsewhere(tmp_path)
    assert (gone.name, gone.state, "weftwork" in gone.remedy) == (SERVER, "gone", True)
    (now, _) = parts_elsewhere(tmp_path)
    assert now.state == "up"


def test_a_folder_that_cannot_be_written_or_a_torn_note_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".weftwork").write_text("")
    write_down(tmp_path, (), 5006)
    take_down(tmp_path)
    (tmp_path / ".weftwork").unlink()
    (tmp_path / ".weftwork" / "servers").mkdir(parents=True)
    (tmp_path / ".weftwork" / "servers" / "7.json").write_text('{"pid": 7')
    assert [part.state for part in parts_elsewhere(tmp_path)] == ["up", "up"]


@pytest.mark.parametrize(
    ("host", "shapes", "runs", "words"),
    [
        ("up", "up", "up", "TensorFlow ready"),
        ("starting", "starting", "up", "TensorFlow is loading"),
        ("gone", "gone", "gone", "TensorFlow is gone"),
        ("up", "up", "gone", "Runs: look"),
    ],
)
def test_the_chip_says_what_matters_most_and_lists_every_part(host: str, shapes: str, runs: str, words: str) -> None:
    why = "it ended (code -9)" if host == "gone" else ""
    html = parts_chip([Part(SERVER, "up"), Part(HOST, host, why), Part(SHAPES, shapes), Part(RUNS, runs)])
    assert words in html
    for name in (SERVER, HOST, SHAPES, RUNS):
        assert f'data-testid="part:{name}"' in html
    assert ("start-again" in html) == (host == "gone")
    assert why in html
