"""The exported code that reads and parts a table gives the rows of the run, for every way to split."""

import numpy as np
import pandas as pd
import pytest

from weftwork.compiler.document import Split
from weftwork.runtime.data.load import load

from .data_cells import data_cell, split, split_as_exported


@pytest.mark.parametrize("source", ["csv", "parquet", "jsonl"])
@pytest.mark.parametrize(
    ("split_", "roles"),
    [
        (split(by="random"), {}),
        (split(by="stratified"), {}),
        (split(by="group"), {"site": "group"}),
        (split(by="group"), {"number": "group"}),
        (split(by="time"), {"day": "time"}),
        (Split(by="column", column="part", held_out=("b",)), {}),
    ],
    ids=["random", "class", "group", "number", "time", "column"],
)
def test_exported_table_and_split_are_those_of_the_run(tmp_path, source, split_, roles):
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": random.normal(size=80),
            "number": random.integers(0, 12, 80),
            "site": [f"site {i}" for i in random.integers(0, 14, 80)],
            "day": [f"2024-{1 + i % 12:02}-{1 + i % 27:02}" for i in random.permutation(80)],
            "part": np.array(["a", "b", "c"])[random.integers(0, 3, 80)],
            "kind": np.array(["x", "y"])[random.integers(0, 2, 80)],
        }
    )
    writers = {"csv": frame.to_csv, "parquet": frame.to_parquet, "jsonl": frame.to_json}
    options = {"csv": {"index": False}, "jsonl": {"orient": "records", "lines": True, "double_precision": 15}}
    writers[source](tmp_path / "table", **options.get(source, {}))
    cell = data_cell(source, "table", split=split_, roles={"kind": "target", **roles})
    dataset = load(cell, tmp_path)
    fields = [name for name, field in dataset.description.fields.items() if field.role != "target"]
    moved = cell.model_copy(update={"location": str(tmp_path / "table")})
    training, validation = split_as_exported(moved, dataset, fields)
    np.testing.assert_array_equal(training, dataset.train_rows)
    np.testing.assert_array_equal(validation, dataset.validation_rows)
