"""Files that a person drops: where they end up, and which are refused."""

from __future__ import annotations

import base64

import pytest

from weftwork.editor.dropped_files import LIMIT_BYTES, SOURCES, FileRefused, keep_file, source_of
from weftwork.runtime.data.read_source import SOURCES as KNOWN


def drop(name: str, content: object = b"a,b\n1,2\n", **fields) -> dict:
    plain = isinstance(content, bytes)
    encoded = base64.b64encode(content).decode() if plain else content
    return {"name": name, "size": len(content) if plain else 0, "content": encoded, **fields}


def test_file_is_copied_under_its_name(tmp_path):
    assert keep_file(tmp_path, drop("my table.csv")) == "my table.csv"
    assert (tmp_path / "my table.csv").read_bytes() == b"a,b\n1,2\n"


def test_same_file_again_is_the_one_that_is_there_and_another_gets_a_number(tmp_path):
    names = [keep_file(tmp_path, drop("t.csv", content)) for content in (b"a\n1\n", b"a\n1\n", b"a\n2\n", b"a\n2\n")]
    assert names == ["t.csv", "t.csv", "t 2.csv", "t 2.csv"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/t.csv", "t.csv"),
        ("C:\\data\\t.csv", "t.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\0b?.csv", "a_b_.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_name_never_leads_out_of_the_folder(tmp_path, name, expected):
    assert keep_file(tmp_path, drop(name)) == expected
    assert [path.name for path in tmp_path.iterdir()] == [expected]


def test_link_of_that_name_is_left_alone(tmp_path):
    outside = tmp_path / "outside.csv"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "t.csv").symlink_to(outside)
    assert keep_file(folder, drop("t.csv")) == "t 2.csv"
    assert not outside.exists()


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (drop("a.docx"), "no data file known here"),
        (drop("a.csv", content=None, size=LIMIT_BYTES + 1), "larger than 64 MB"),
        (drop("pictures", content=None, size=-1), "is a folder"),
        (drop("a.csv", content="???"), "did not arrive whole"),
        (drop(""), "no name"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(tmp_path, message, words):
    with pytest.raises(FileRefused, match=words):
        keep_file(tmp_path, message)
    assert list(tmp_path.iterdir()) == []


def test_every_suffix_has_a_source_that_is_read():
    assert {source_of(f"x{suffix.upper()}") for suffix in SOURCES} <= set(KNOWN)
