"""A file is replaced whole or not at all, and its earlier versions stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from weftwork.editor import saving
from weftwork.editor.saving import replace_file
from weftwork.editor.versions import VERSIONS_KEPT, keep_version, versions


def test_a_file_is_replaced_with_its_permissions_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.weft"
    path.write_text("old")
    path.chmod(0o640)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.weft"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving.os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.weft"]


def test_a_file_marked_read_only_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.weft"
    path.write_text("old")
    # The superuser may write everything, so the answer is made here.
    monkeypatch.setattr(saving.os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match="may not be written"):
        replace_file(path, b"new")
    assert path.read_text() == "old"


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target.weft", tmp_path / "link.weft"
    target.write_text("old")
    link.symlink_to(target)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_the_last_ten_versions_stay_and_noted_ones_are_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.weft"
    other = keep_version(tmp_path / "a.b.weft", b"of another notebook")
    original = keep_version(path, b"original", "original")
    for number in range(VERSIONS_KEPT + 3):
        keep_version(path, str(number).encode())
    assert [kept.read_text() for kept in versions(path)] == [str(number) for number in range(3, 13)]
    assert original.read_bytes() == b"original"
    assert other.exists()
