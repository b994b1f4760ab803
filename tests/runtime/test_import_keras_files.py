"""Files of Keras models: what is in them is read in a child process, what is bad is refused there in one line."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import sys
from pathlib import Path

import keras
import pytest
from keras import layers

from weftwork.compiler.document_file import read_notebook
from weftwork.runtime.importers.import_file import read_any, read_any_file
from weftwork.runtime.importers.import_notebook import import_notebook
from weftwork.runtime.importers.keras_task import MEMORY_BYTES, in_fresh_process, read_keras_file
from weftwork.runtime.importers.refused import ImportRefused

from .hostile_models import archive, dense, hostile_files, sequential


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    x = keras.Input((6,), name="x")
    y = layers.Dense(4, activation="relu", name="first")(x)
    return keras.Model(x, layers.Dense(2, name="last")(y * 2.0), name="small")


def _saved(model: keras.Model, folder: Path, form: str) -> Path:
    path = folder / f"small.{form}"
    if form == "json":
        path.write_text(model.to_json(), encoding="utf-8")
    else:
        model.save(path)
    return path


@pytest.mark.parametrize("form", ["keras", "h5", "json"])
@pytest.mark.filterwarnings("ignore")
def test_every_form_of_file_gives_the_same_network(model, tmp_path, form):
    answer = read_keras_file(str(_saved(model, tmp_path, form)))

    (cell,) = read_notebook(answer["text"])[0].networks()
    kinds = [(node.kind, node.label) for node in cell.nodes.values()]
    assert sorted(kinds) == [
        ("Dense", "first"),
        ("Dense", "last"),
        ("Input", "x"),
        ("Output", "last"),
        ("ops.multiply", ""),
    ]
    assert len(cell.wires) == 4


def test_an_import_writes_a_notebook_and_reports_what_it_mapped(model, tmp_path):
    result = import_notebook(_saved(model, tmp_path, "keras"))

    assert result["networks"] == [
        {"name": "small", "nodes": 5, "layers": len(model.layers), "parameters": model.count_params()}
    ]
    assert (result["mapped"], result["folded"], result["placeholders"]) == (3, 0, [])
    assert Path(result["path"]).name == "small.weft"


def test_what_is_dropped_as_bytes_is_read_the_same(model, tmp_path):
    path = _saved(model, tmp_path, "keras")

    dropped, named = read_any(path.read_bytes(), path.name), read_any_file(path)

    assert dropped.report == named.report
    assert len(read_notebook(dropped.text)[0].networks()[0].nodes) == 5


def test_bad_files_are_refused_in_one_line_and_nothing_of_them_runs(tmp_path):
    mark = tmp_path / "ran"
    for what, (path, word) in hostile_files(tmp_path / "files", mark).items():
        answer = read_keras_file(str(path))
        said = answer.get("refused", "")
        assert word in said, (what, answer)
        assert "\n" not in said, what
        assert path.name in said, what
    assert not mark.exists()
    assert not (tmp_path / "evil.txt").exists()


@pytest.mark.long
def test_reading_is_bounded_in_memory_in_a_process_of_its_own(tmp_path):
    # As many numbers in JSON as take more than the limit once they are read.
    path = tmp_path / "many.json"
    path.write_text(
        '{"class_name": "Sequential", "config": {"layers": [' + ", ".join(["{}"] * 9_000_000) + "]}}", "utf-8"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ImportRefused) as refused:
        in_fresh_process(path)

    assert "\n" not in str(refused.value)
    assert MEMORY_BYTES > 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20


def _mutated(content: bytes, random_: random.Random) -> bytes:
    """The content with bytes changed, cut out, doubled or cut off."""
    data = bytearray(content)
    for _ in range(random_.randint(1, 6)):
        place = random_.randrange(max(1, len(data)))
        match random_.randrange(5):
            case 0:
                data[place : place + 1] = bytes([random_.randrange(256)])
            case 1:
                del data[place : place + random_.randint(1, 40)]
            case 2:
                data[place:place] = data[place : place + random_.randint(1, 40)]
            case 3:
                data = data[: max(1, place)]
            case _:
                data[place : place + 1] = random_.choice([b"null", b"-1", b"[]", b"{}", b'"x"', b"1e999"])
    return bytes(data)


def _mutants(count: int, folder: Path, model: keras.Model) -> None:
    random_ = random.Random(7)
    text = model.to_json().encode()
    corpus = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "corpus_keras").glob("*.json"))]
    whole = archive(folder / "whole.keras", text).read_bytes()
    for number in range(count):
        form = random_.choice(["json", "config", "keras"])
        path = folder / f"mutant.{'json' if form == 'json' else 'keras'}"
        if form == "keras":
            path.write_bytes(_mutated(whole, random_))
        elif form == "config":
            archive(path, _mutated(text, random_))
        else:
            path.write_bytes(_mutated(random_.choice([text, *corpus]), random_))
        answer = read_keras_file(str(path))
        if "refused" in answer:
            assert "\n" not in answer["refused"], number
            assert "Traceback" not in answer["refused"], number
        else:
            read_notebook(answer["text"])


def _in_a_fork(path: Path, weights: Path, seconds: float = 120) -> dict | None:
    """The answer from a process of its own, as the host reads a file: a damaged HDF5 file may end the process that
    reads it. None where it did."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def read() -> None:
        theirs.send(read_keras_file(str(path), weights=str(weights)))
        os._exit(0)

    process = context.Process(target=read)
    process.start()
    theirs.close()
    try:
        assert ours.poll(seconds), "it hangs"
        return ours.recv()
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def _flipped(content: bytes, random_: random.Random) -> bytes:
    """The content with one byte changed, which most files survive."""
    data = bytearray(content)
    data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
    return bytes(data)


def _weight_mutants(count: int, folder: Path, model: keras.Model) -> None:
    random_ = random.Random(11)
    wholes = []
    for form in ("keras", "h5"):
        path = folder / f"with_weights.{form}"
        model.save(path)
        wholes.append((form, path.read_bytes()))
    read = 0
    for number in range(count):
        form, whole = random_.choice(wholes)
        path, weights = folder / f"mutant.{form}", folder / f"{number}.weights.h5"
        path.write_bytes(_mutated(whole, random_) if number % 2 else _flipped(whole, random_))
        answer = _in_a_fork(path, weights)
        if answer is not None and "refused" in answer:
            assert "\n" not in answer["refused"], number
            assert "Traceback" not in answer["refused"], number
        elif answer is not None:
            read += 1
            assert weights.is_file() == bool(answer["weights"]), number
    assert read


@pytest.mark.filterwarnings("ignore")
def test_mutated_weights_are_taken_or_left_out_without_a_traceback(tmp_path, model):
    _weight_mutants(12, tmp_path, model)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_hundreds_of_mutated_weights_are_taken_or_left_out(tmp_path, model):
    _weight_mutants(300, tmp_path, model)


def test_mutated_files_are_read_or_refused_without_a_traceback(tmp_path, model):
    _mutants(100, tmp_path, model)


@pytest.mark.long
def test_a_thousand_mutated_files_are_read_or_refused(tmp_path, model):
    _mutants(1000, tmp_path, model)


def test_a_saved_model_of_tf_keras_is_read_from_its_metadata(tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"")
    config = json.loads((Path(__file__).parents[1] / "corpus_keras" / "tf_keras_2.json").read_text(encoding="utf-8"))
    metadata = json.dumps({"class_name": "Functional", "config": config["config"]}).encode()
    node = _field(3, b"root") + _field(4, b"_tf_keras_network") + _field(5, metadata)
    (folder / "keras_metadata.pb").write_bytes(_field(1, node))

    answer = read_keras_file(str(folder))

    assert [cell.name for cell in read_notebook(answer["text"])[0].networks()] == ["model", "inner"]


def test_a_saved_model_without_keras_config_is_refused(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"")

    assert "without a Keras config" in read_keras_file(str(tmp_path))["refused"]


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes in a protocol buffer."""
    length, size = len(content), b""
    while True:
        length, low = length >> 7, length & 0x7F
        size += bytes([low | (0x80 if length else 0)])
        if not length:
            return bytes([number << 3 | 2]) + size + content


def test_a_class_of_a_module_that_exists_is_not_imported(tmp_path):
    data = sequential({**dense(3), "module": "antigravity", "class_name": "Dense", "registered_name": "Dense"})
    path = archive(tmp_path / "m.keras", json.dumps(data))

    answer = read_keras_file(str(path))

    assert len(answer["report"]["placeholders"]) == 1
    assert "antigravity" not in sys.modules
