"""Earlier versions are kept in the order in which they were made, whatever the clock says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.editor.crashes import start, write_start
from weftwork.editor import versions as versions_module
from weftwork.editor.versions import VERSIONS_KEPT, all_versions, keep_version, versions


def test_a_clock_that_jumps_back_does_not_make_the_newest_version_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.weft"
    for number in range(VERSIONS_KEPT):
        keep_version(path, f"before {number}".encode())

    class LastYear(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2001, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(versions_module, "datetime", LastYear)
    for number in range(3):
        keep_version(path, f"after {number}".encode())
    kept = [version.read_text() for version in versions(path)]
    assert kept == [*(f"before {number}" for number in range(3, VERSIONS_KEPT)), "after 0", "after 1", "after 2"]


def test_versions_are_listed_with_their_time_and_reason_and_can_be_read(tmp_path: Path) -> None:
    path = write_start(tmp_path)
    began = datetime.now(UTC)
    keep_version(path, path.read_bytes())
    keep_version(path, b"theirs", "outside")
    (tmp_path / ".weftwork" / "versions" / "a.notes.weft").write_text("of somebody else")
    (tmp_path / ".weftwork" / "versions" / "a.20011399T999999-000000.weft").write_text("no time at all")
    saved, outside = all_versions(path)
    assert (saved.note, outside.note) == ("", "outside")
    assert began <= saved.written < outside.written
    assert saved.read() == start()
