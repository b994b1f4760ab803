import json
import os

from weftwork.runtime.run_directory import RunDirectory
from weftwork.runtime.seen_runs import SeenRuns


def write(folder, name, **info):
    path = folder / ".weftwork" / "runs" / name / "run.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(info))
    return path


def test_only_what_was_written_since_is_read_and_processes_are_always_looked_at(tmp_path, monkeypatch):
    read, info = [], RunDirectory.info
    monkeypatch.setattr(RunDirectory, "info", lambda run: (read.append(run.id), info(run))[1])
    write(tmp_path, "1", state="finished")
    second = write(tmp_path, "2", state="running", pid=os.getpid())
    (tmp_path / ".weftwork" / "runs" / "3").mkdir()
    seen = SeenRuns(tmp_path)
    first = seen.states()
    assert list(first) == ["2", "1"]
    assert first["1"] == "finished"
    assert sorted(read) == ["1", "2"]
    assert seen.states() == first
    assert len(read) == 2
    write(tmp_path, "2", state="stopped")
    os.utime(second, ns=(1, 1))
    assert seen.states() == {"2": "stopped", "1": "finished"}
    assert read[2:] == ["2"]
    second.unlink()
    assert seen.states() == {"1": "finished"}


def test_folder_without_runs_has_none(tmp_path):
    assert SeenRuns(tmp_path).states() == {}
