"""More rows than memory: tables, Parquet files and folders of pictures are read, prepared and trained on in pieces."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from weftwork.compiler.document import DataCell, NetworkCell, Notebook, TrainingCell
from weftwork.compiler.write_notebook import write_notebook

from .data_cells import data_cell, step
from .small_notebooks import chain, node

pytestmark = pytest.mark.keras

COLUMNS = [*(f"c{number}" for number in range(64)), "y"]
SIDE = 256

# Every row is prepared, and 20,000 of them are read in an order of chance, as an epoch does.
LOAD = """
import resource, sys
from pathlib import Path
import numpy as np
from weftwork.compiler.document_file import read_notebook_file
from weftwork.runtime.data.load import load

path = Path(sys.argv[1])
dataset = load(read_notebook_file(path)[0].cell("Data"), path.parent)
field = next(iter(dataset.description.fields))
order = np.random.default_rng(0).permutation(len(dataset.train_rows))
for begin in range(0, min(len(order), 20_000), 32):
    assert np.isfinite(dataset.train[field][order[begin : begin + 32]]).all()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
TRAIN = """
import resource, sys
from weftwork.runtime.headless import train

result = train(sys.argv[1])
assert result["state"] == "finished", result
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def write_csv(folder: Path, megabytes: int) -> None:
    """Rows of numbers of nine digits until the file is that large."""
    random = np.random.default_rng(0)
    text = np.full((4000, len(COLUMNS), 10), ord(","), dtype=np.uint8)
    text[:, -1, -1] = ord("\n")
    with (folder / "table.csv").open("wb") as file:
        file.write(",".join(COLUMNS).encode() + b"\n")
        while file.tell() < megabytes * 2**20:
            text[:, :, :9] = random.integers(ord("0"), ord("9") + 1, text[:, :, :9].shape, dtype=np.uint8)
            file.write(text.tobytes())


def write_parquet(folder: Path, megabytes: int) -> None:
    """Rows of numbers that no encoding makes smaller, eight bytes each, in groups of 10 MB."""
    import pyarrow as arrow
    from pyarrow import parquet

    random, rows = np.random.default_rng(0), 20_000
    schema = arrow.schema([(name, arrow.float64()) for name in COLUMNS])
    with parquet.ParquetWriter(folder / "table.parquet", schema, use_dictionary=False) as file:
        for _ in range(max(1, megabytes * 2**20 // (rows * len(COLUMNS) * 8))):
            file.write_table(arrow.table({name: random.random(rows) for name in COLUMNS}, schema))


def write_images(folder: Path, megabytes: int) -> None:
    """Pictures in colour, of which none is packed, in a folder for each of two classes."""
    random = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / "pictures" / name).mkdir(parents=True)
    for number in range(max(8, megabytes * 2**20 // (SIDE * SIDE * 3))):
        pixels = random.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "pictures" / ("cats", "dogs")[number % 2] / f"{number}.bmp")


def table_cell(source: str, location: str) -> DataCell:
    fields = {"roles": {"y": "target"}, "types": {"y": "number"}, "options": {"stream": True}}
    return data_cell(source, location, preparation=(step("standardise"), step("standardise", "y")), **fields)


def number_network() -> NetworkCell:
    return chain(node("Input", shape=[64]), node("Dense", units=8), node("Dense", units=1), node("Output"))


def picture_network() -> NetworkCell:
    return chain(
        node("Input", shape=[SIDE, SIDE, 3]),
        node("Rescaling", scale=1 / 255),
        node("GlobalAveragePooling2D"),
        node("Dense", units=2, activation="softmax"),
        node("Output"),
    )


Source = tuple[Callable[[Path, int], None], DataCell, Callable[[], NetworkCell], int]
SOURCES: dict[str, Source] = {
    "csv": (write_csv, table_cell("csv", "table.csv"), number_network, 512),
    "parquet": (write_parquet, table_cell("parquet", "table.parquet"), number_network, 512),
    "images": (
        write_images,
        data_cell("images", "pictures", options={"stream": True}),
        picture_network,
        16,
    ),
}


def peak(script: str, source: str, folder: Path, megabytes: int) -> int:
    """The most memory, in MB, that a process takes for what the script does with a notebook on so much data."""
    write, data, network, batch_size = SOURCES[source]
    folder.mkdir()
    write(folder, megabytes)
    training = TrainingCell(id="t", name="fit", network="net", data="Data", epochs=1, batch_size=batch_size)
    notebook = folder / "n.weft"
    notebook.write_text(write_notebook(Notebook(cells=(data, network(), training))))
    told = subprocess.run([sys.executable, "-c", script, str(notebook)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    for path in [*folder.rglob("*.npy"), *folder.rglob("*.bmp"), *folder.rglob("table.*")]:
        path.unlink()
    return int(told.stdout.split()[-1])


@pytest.mark.parametrize("source", SOURCES)
def test_memory_does_not_grow_with_the_data(tmp_path, source):
    small, large = (peak(LOAD, source, tmp_path / str(megabytes), megabytes) for megabytes in (4, 64))
    assert large - small < 40, (small, large)


@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("source", SOURCES)
def test_run_on_two_gigabytes_takes_250_megabytes_more_than_on_twenty_megabytes(tmp_path, source):
    small, large = (peak(TRAIN, source, tmp_path / str(megabytes), megabytes) for megabytes in (20, 2048))
    assert large - small <= 250, (small, large)
