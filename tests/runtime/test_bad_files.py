"""Data that break only when they are read: what cannot be read is named, and the run goes on once it is mended."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from weftwork.compiler.document import DataCell, NetworkCell, Node, Notebook, Source, Target, TrainingCell, Wire
from weftwork.runtime.batches import epoch_order
from weftwork.runtime.data.stored_rows import StoredRows
from weftwork.runtime.failure import RunFailed
from weftwork.runtime.fit_run import fit_run
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.train_here import resume_here, train_here

from .data_cells import write_pictures
from .small_models import BATCH, ROWS, make, plan

pytestmark = pytest.mark.keras


def train(run, path):
    """Trains on rows that stay in a file."""
    model, arrays = make("image")
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    return fit_run(model, replace(arrays, x=StoredRows(path)), plan(), record), model


def test_row_that_can_no_longer_be_read_is_named_and_the_run_goes_on_once_it_can(empty_run, tmp_path):
    path = tmp_path / "image.npy"
    _, arrays = make("image")
    np.save(path, arrays.x)
    whole = path.read_bytes()
    path.write_bytes(whole[:-4])
    with pytest.raises(RunFailed) as failed:
        train(empty_run, path)
    step = int(np.flatnonzero(epoch_order(3, 0, ROWS) == ROWS - 1)[0]) // BATCH + 1
    message = str(failed.value)
    assert message.startswith(f"Step {step} failed: ")
    assert message.endswith(f"Row {ROWS - 1} of the training part (counted from 0) has values that cannot be read.")
    assert len(empty_run.metrics()) < step

    path.write_bytes(whole)
    state, model = train(empty_run, path)
    assert state == "finished"
    assert empty_run.metrics()[:, 0].tolist() == list(range(1, 27))
    other = create_run(tmp_path, empty_run.notebook(), "train", notebook_name="test.weft")
    _, undisturbed = train(other, path)
    for one, two in zip(model.variables, undisturbed.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def test_picture_that_cannot_be_read_is_named_and_the_run_goes_on_once_it_can(new_run, tmp_path):
    root = write_pictures(tmp_path, {"a": 8, "b": 8}, size=(6, 6))
    broken = root / "b" / "03.png"
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    nodes = {
        "input": Node(kind="Input", params={"shape": [6, 6, 1]}),
        "flat": Node(kind="Flatten"),
        "dense": Node(kind="Dense", params={"units": 2, "activation": "softmax"}),
        "output": Node(kind="Output"),
    }
    ends = ("input", "flat", "dense", "output")
    wires = {f"w{n}": Wire(source=Source(a), target=Target(b)) for n, (a, b) in enumerate(pairwise(ends))}
    cells = (
        DataCell(id="data", name="pictures", source="images", location="pictures"),
        NetworkCell(id="network", name="net", nodes=nodes, wires=wires),
        TrainingCell(id="training", name="train", network="net", data="pictures", epochs=1, batch_size=4),
    )
    run = new_run(Notebook(cells=cells))
    assert train_here(run) == "failed"
    assert run.message() == "Pictures cannot be read: ‘b/03.png’"
    broken.write_bytes(whole)
    assert resume_here(run) == "finished"
    assert run.metrics()[:, 0].tolist() == list(range(1, len(run.metrics()) + 1)) != []
