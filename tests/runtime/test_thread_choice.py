"""Which networks get one thread for an operation: small ones, told from the drawing alone."""

import json
import subprocess
import sys

import pytest

from weftwork.compiler.document import DataCell, Node, Notebook, TrainingCell
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.thread_choice import is_small

from .small_notebooks import NETWORKS, chain, node, notebook


def dense(units: int, width: int = 784, *more: Node):
    return chain(node("Input", shape=[width]), *more, node("Dense", units=units), node("Output"))


@pytest.mark.parametrize(
    ("network", "batch", "small"),
    [
        (dense(128), 128, True),
        (dense(128), 1024, False),
        (dense(4096), 128, False),
        (dense(64, 32, node("Embedding", input_dim=1000, output_dim=32)), 64, True),
        (dense(64, 512, node("Embedding", input_dim=1000, output_dim=256)), 64, False),
        (chain(node("Input", shape=[24, 1]), node("LSTM", units=32), node("Output")), 32, True),
        (chain(node("Input", shape=[500, 64]), node("LSTM", units=256), node("Output")), 32, False),
        (chain(node("Input", shape=[8, 8, 1]), node("Conv2D", filters=1, kernel_size=1), node("Output")), 1, False),
        (dense(8, 8, node("network:Block")), 1, False),
        (chain(node("Input", shape=[None, 8]), node("Dense", units=8), node("Output")), 1, False),
        (chain(node("Input", shape=[8]), node("Dense", units={"expression": "n"}), node("Output")), 1, False),
    ],
    ids=[
        "dense",
        "many rows",
        "wide",
        "words",
        "long texts",
        "short series",
        "long series",
        "pictures",
        "a network in it",
        "a length that is open",
        "a width that is open",
    ],
)
def test_only_what_is_surely_small_gets_one_thread(network, batch, small):
    assert is_small(network, batch) is small


def test_choice_is_made_with_the_run_by_its_own_batches(tmp_path):
    cells = (
        DataCell(id="data", name="rows"),
        dense(128),
        TrainingCell(id="train", name="train", network="net", data="rows", batch_size=128),
    )

    def threads(*, chosen=None, **options):
        training = cells[2].model_copy(update={"options": {"threads": chosen} if chosen else {}})
        book = Notebook(cells=(*cells[:2], training))
        return create_run(tmp_path, book, "train", notebook_name="a.weft", options=options).info().get("threads")

    assert threads() == 1
    assert threads(batch_size=1024) is None
    assert threads(chosen=2) == 2
    # Several replicas share the processors, by rules of their own.
    assert threads(strategy="mirrored") is None


def test_notebooks_of_the_other_tests_are_of_both_sorts(tmp_path):
    found = {name: is_small(notebook(tmp_path, name).networks()[0], 8) for name in NETWORKS}
    assert found == {"dropout": True, "batch normalization": False, "lstm": True}


@pytest.mark.keras
@pytest.mark.long
def test_run_from_the_command_line_has_the_threads_and_the_bits_of_one_from_the_page(host, new_run, tmp_path):
    """There the data are read, and prepared by Keras, in the process that trains, before the run exists."""
    book = notebook(tmp_path, "lstm", epochs=2)
    (tmp_path / "small.weft").write_text(write_notebook(book), encoding="utf-8")
    host.start_run(run := new_run(book))
    code = "import json, weftwork.runtime as r; print(json.dumps(r.train('small.weft')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert run.wait() == "finished"
    other = type(run)(tmp_path / json.loads(done.stdout.splitlines()[-1])["directory"])
    assert run.info()["intra_op_threads"] == other.info()["intra_op_threads"] == 1
    assert run.info()["weights_digest"] == other.info()["weights_digest"]
