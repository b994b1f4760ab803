"""A data file that another program writes is noticed, and what depends on its content has another key."""

from __future__ import annotations

import os
import threading

import pytest

from weftwork.compiler.document import DataCell, Notebook
from weftwork.compiler.keys import cell_keys
from weftwork.editor.describe_data import DataDescriptions

WAIT_S = 60


@pytest.fixture
def described(tmp_path):
    """(descriptions that are up to date, a function that brings them up to date again, the notebook)."""
    (tmp_path / "t.csv").write_text("a,b,y\n" + "\n".join(f"{i},{i % 3},{i * 1.5}" for i in range(20)))
    notebook = Notebook(cells=(DataCell(id="d", name="data", source="csv", location="t.csv"),))
    done = threading.Event()
    descriptions = DataDescriptions(tmp_path, done.set)

    def fingerprint():
        done.clear()
        found = descriptions.of(notebook)[0]
        if not found:
            assert done.wait(WAIT_S)
            found = descriptions.of(notebook)[0]
        return found["data"].fingerprint

    fingerprint()
    yield descriptions, fingerprint, notebook
    descriptions.close()


def test_changed_file_is_noticed_and_makes_another_key(described, tmp_path):
    descriptions, fingerprint, notebook = described
    before = fingerprint()
    assert not descriptions.changed(notebook)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("\n7,1,2.5")
    assert descriptions.changed(notebook)
    after = fingerprint()
    assert not descriptions.changed(notebook)
    assert cell_keys(notebook, {"data": before})["data"] != cell_keys(notebook, {"data": after})["data"]


def test_touched_file_is_read_again_and_nothing_is_stale(described, tmp_path):
    descriptions, fingerprint, notebook = described
    before = fingerprint()
    os.utime(tmp_path / "t.csv", ns=(1, 1))
    assert descriptions.changed(notebook)
    assert fingerprint() == before


def test_new_picture_of_a_class_is_noticed(tmp_path):
    (tmp_path / "set" / "cats").mkdir(parents=True)
    notebook = Notebook(cells=(DataCell(id="d", name="data", source="images", location="set"),))
    done = threading.Event()
    descriptions = DataDescriptions(tmp_path, done.set)
    descriptions.of(notebook)
    assert done.wait(WAIT_S)
    assert not descriptions.changed(notebook)
    os.utime(tmp_path / "set" / "cats", ns=(1, 1))
    assert descriptions.changed(notebook)
    descriptions.close()
