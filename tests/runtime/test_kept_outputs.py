"""Outputs are kept by key, come back as they were, and are never trusted blindly."""

import os

import pytest

from weftwork.compiler.document import Notebook, TextCell
from weftwork.runtime.kept_outputs import KeptOutputs

MADE_OF = Notebook(cells=(TextCell(id="a", name="a", text="x\ny"),))


@pytest.fixture
def outputs(tmp_path):
    return KeptOutputs(tmp_path)


def keep(outputs, key, number=0, cell="eval"):
    outputs.keep(key, {"number": number}, cell=cell, notebook="a.weft", made_of=MADE_OF, fingerprints={"rows": "f"})


def test_output_comes_back_as_it_was_in_another_process_too(outputs, tmp_path):
    keep(outputs, "one", 1)
    for reader in (outputs, KeptOutputs(tmp_path)):
        output = reader.get("one")
        assert output is not None
        assert output.content == {"number": 1}
        assert (output.made_of, output.fingerprints, output.cell) == (MADE_OF, {"rows": "f"}, "eval")
        assert reader.get("two") is None


def test_latest_of_a_cell_is_the_one_made_last(outputs):
    for number, key in enumerate(("one", "two", "one")):
        keep(outputs, key, number)
    keep(outputs, "other", cell="another")
    assert outputs.latest("eval", "a.weft").content == {"number": 2}
    assert [output.key for output in outputs.of_cell("eval", "a.weft")] == ["one", "two"]
    assert outputs.latest("eval", "b.weft") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text.replace('"number": 1', '"number": 2'),
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: "",
        lambda text: "[]\n[]\n",
        lambda text: text.partition("\n")[2],
    ],
    ids=["cut", "altered", "other format", "empty", "no object", "no head"],
)
def test_damaged_output_is_ignored_and_can_be_kept_anew(outputs, tmp_path, damage):
    keep(outputs, "one", 1)
    (path,) = outputs.path.iterdir()
    path.write_text(damage(path.read_text()))
    fresh = KeptOutputs(tmp_path)
    assert fresh.get("one") is None
    assert outputs.get("one") is None
    keep(fresh, "one", 3)
    assert fresh.get("one").content == {"number": 3}


def test_output_under_the_file_name_of_another_key_is_ignored(outputs):
    keep(outputs, "one", 1)
    keep(outputs, "two", 2)
    one, two = sorted(outputs.path.iterdir())
    two.write_bytes(one.read_bytes())
    assert sum(KeptOutputs(outputs.path.parents[1]).get(key) is not None for key in ("one", "two")) == 1


def test_oldest_outputs_go_when_there_are_too_many_or_too_large(tmp_path):
    few = KeptOutputs(tmp_path, limit_files=3)
    for number in range(6):
        keep(few, str(number), number)
        path = next(path for path in few.path.iterdir() if f'"number": {number}' in path.read_text())
        os.utime(path, ns=(number + 1, number + 1))
    assert [number for number in range(6) if few.get(str(number))] == [3, 4, 5]
    size = sum(path.stat().st_size for path in few.path.iterdir())
    small = KeptOutputs(tmp_path, limit_bytes=size // 2)
    keep(small, "last", 9)
    assert small.get("last") is not None
    assert sum(path.stat().st_size for path in small.path.iterdir()) <= size // 2


def test_ids_that_look_like_paths_stay_inside(outputs, tmp_path):
    keep(outputs, "../../one", 1, cell="../../../evil")
    assert outputs.get("../../one").content == {"number": 1}
    assert [path.parent for path in tmp_path.rglob("*.json")] == [outputs.path]
