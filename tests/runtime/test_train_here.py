"""Runs trained in the process that asks, and what a full disk does to them."""

import errno

import pytest

from weftwork.runtime import run_record
from weftwork.runtime.run_directory import RunRefused
from weftwork.runtime.run_lock import lock_run
from weftwork.runtime.train_here import resume_here, train_here

from .small_notebooks import notebook

pytestmark = pytest.mark.keras


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_ends_the_run_in_one_line_and_resume_goes_on(new_run, tmp_path, monkeypatch, capfd):
    run = new_run(notebook(tmp_path, epochs=2))
    heard = []
    real_append, real_write = run_record.MetricsWriter.append, run_record.write_json_atomically

    def append(writer, rows):
        real_append(writer, rows) if rows[0, 0] < 33 else full()

    def write(path, value, *, durable=True):
        # Only the space that was kept for this makes it possible to tell of the end.
        full() if value["state"] == "failed" and (path.parent / ".reserve").exists() else real_write(path, value)

    monkeypatch.setattr(run_record.MetricsWriter, "append", append)
    monkeypatch.setattr(run_record, "write_json_atomically", write)
    assert train_here(run, heard.append) == "failed"
    assert run.state() == "failed"
    assert run.message() == "The disk is full. Free some space, then resume."
    assert "Traceback" in capfd.readouterr().err
    assert heard[-1]["message"] == run.message()
    assert len(run.metrics()) == 32

    monkeypatch.undo()
    assert resume_here(run) == "finished"
    assert run.metrics()[:, 0].tolist() == list(range(1, 65))
    assert not (run.path / ".reserve").exists()
    with pytest.raises(RunRefused, match="has finished"):
        resume_here(run)


def test_run_that_another_process_trains_is_refused(new_run, tmp_path, monkeypatch):
    from weftwork.runtime import run_lock

    run = new_run(notebook(tmp_path))
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.0)
    with lock_run(run.path), pytest.raises(RunRefused, match="another process"):
        train_here(run)
    assert run.state() == "queued"
