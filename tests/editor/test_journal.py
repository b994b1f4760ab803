"""The journal keeps every line that was acknowledged, and nothing that was not."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from weftwork.editor import journal as journal_module
from weftwork.editor.journal import Entry, Journal, shortened


def entry(revision: int, act: str = "do", tab: str = "tab_a") -> Entry:
    return {"act": act, "tab": tab, "sender": tab, "sequence": revision, "revision": revision, "records": []}


def written(path: Path, *entries: Entry) -> Path:
    journal = Journal(path)
    journal.read()
    journal.append(*entries)
    journal.close()
    return path


def test_entries_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = written(tmp_path / "deep" / "a.jsonl", entry(1), entry(2))
    assert Journal(path).read() == ([entry(1), entry(2)], "")


@pytest.mark.parametrize("torn", [1, 7, 40])
def test_a_torn_last_line_is_left_out_and_overwritten(tmp_path: Path, torn: int) -> None:
    path = written(tmp_path / "a.jsonl", entry(1), entry(2))
    path.write_bytes(path.read_bytes()[:-torn])
    journal = Journal(path)
    assert journal.read() == ([entry(1)], "")
    journal.append(entry(3))
    assert Journal(path).read() == ([entry(1), entry(3)], "")


def test_damage_in_the_middle_is_told_and_what_stands_before_it_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", entry(1), entry(2), entry(3))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\0\0\0\n" + lines[2])
    entries, damage = Journal(path).read()
    assert entries == [entry(1)]
    assert "line 2" in damage


def test_a_full_disk_leaves_no_half_line_and_the_entry_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "a.jsonl")
    journal.read()
    journal.append(entry(1))
    write = os.write

    def half(descriptor: int, content: bytes) -> int:
        write(descriptor, content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full_disk:
        full_disk.setattr(journal_module.os, "write", half)
        with pytest.raises(OSError, match="No space left"):
            journal.append(entry(2))
    assert Journal(journal.path).read() == ([entry(1)], "")
    journal.append(entry(3))
    assert Journal(journal.path).read() == ([entry(1), entry(2), entry(3)], "")


def test_shortening_keeps_the_newest_gestures_and_what_the_old_ones_acknowledged() -> None:
    entries = [{"mark": "saved", "hash": "x", "revision": 0}, *(entry(number) for number in range(1, 31))]
    short = shortened(entries, limit=10)
    assert short[0] == {"acknowledged": {"tab_a": 20}}
    assert short[1] == entries[0]
    assert short[2:] == entries[-10:]


def test_a_short_journal_is_left_as_it_is() -> None:
    entries = [entry(1), entry(2)]
    assert shortened(entries, limit=2) is entries


@pytest.mark.parametrize("seed", range(20))
def test_shortening_never_parts_an_undo_from_its_gesture(seed: int) -> None:
    """Undo and redo lines that stay must find the same gestures as before."""
    dice = random.Random(seed)
    entries: list[Entry] = []
    depth = {"tab_a": [0, 0], "tab_b": [0, 0]}
    for revision in range(1, 80):
        tab = dice.choice(list(depth))
        done, undone = depth[tab]
        act = dice.choice(["do", "do", *(["undo"] * 2 if done else []), *(["redo"] if undone else [])])
        depth[tab] = {"do": [done + 1, 0], "undo": [done - 1, undone + 1], "redo": [done + 1, undone - 1]}[act]
        entries.append(entry(revision, act, tab))
    short = shortened(entries, limit=20)
    assert len([one for one in short if "act" in one]) >= 20
    kept = {revision for revision, _ in meaning(short)}
    assert meaning(short) == [pair for pair in meaning(entries) if pair[0] in kept]


def meaning(entries: list[Entry]) -> list[tuple[int, int]]:
    """(revision of an undo or redo, revision of the gesture that it is about)"""
    done: dict[str, list[int]] = {}
    undone: dict[str, list[int]] = {}
    found = []
    for one in entries:
        if "act" not in one:
            continue
        tab, revision = one["tab"], one["revision"]
        match one["act"]:
            case "do":
                done.setdefault(tab, []).append(revision)
                undone[tab] = []
            case "undo":
                undone[tab].append(done[tab].pop())
                found.append((revision, undone[tab][-1]))
            case "redo":
                done[tab].append(undone[tab].pop())
                found.append((revision, done[tab][-1]))
    return found
