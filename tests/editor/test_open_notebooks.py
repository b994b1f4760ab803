"""One object for one file, whichever way leads to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editor.crashes import add, in_file, write_start
from weftwork.editor import autosave
from weftwork.editor.app_state import AppState
from weftwork.editor.folder_paths import PathRefused
from weftwork.editor.open_notebooks import all_open, close_all, get_open_notebook


def test_every_way_to_a_file_leads_to_the_same_notebook_and_closing_saves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))
    path = write_start(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.weft").symlink_to(path)
    notebook = get_open_notebook(path)
    try:
        assert get_open_notebook(tmp_path / "sub" / ".." / "a.weft") is notebook
        assert get_open_notebook(tmp_path / "link.weft") is notebook
        assert AppState(tmp_path).open_notebook("a.weft") is notebook
        assert notebook in all_open()
        notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    finally:
        assert close_all()
    assert all_open() == ()
    assert in_file(path) == notebook.notebook


def test_a_file_that_cannot_be_read_is_not_kept_as_open(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        get_open_notebook(tmp_path / "gone.weft")
    with pytest.raises(PathRefused):
        AppState(tmp_path).open_notebook("../a.weft")
    assert all_open() == ()
