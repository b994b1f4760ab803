"""A table of her own: dropped on the page, a type corrected, trained on, exported, and new rows scored elsewhere."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from weftwork.compiler.document import DataCell, ExportCell, NetworkCell, Node, Notebook, TextCell, TrainingCell, Wire
from weftwork.compiler.document_file import read_notebook_file
from weftwork.runtime.run_directory import list_runs

from .waiting import WAIT_S, until

pytestmark = pytest.mark.timeout(600)

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"

DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0))
  const files = new DataTransfer()
  files.items.add(new File([bytes], name))
  for (const type of ["dragover", "drop"]) {
    const options = { dataTransfer: files, bubbles: true, cancelable: true, composed: true }
    document.body.dispatchEvent(new DragEvent(type, options))
  }
}"""

# What a person without Weftwork would write.
SCORE = """
import sys
import keras, pandas as pd
import tensorflow as tf
model = keras.models.load_model(sys.argv[1])
table = pd.read_csv(sys.argv[2])
words = {name: tf.constant(table[name].fillna("").astype(str).tolist()) for name in ("grade", "colour")}
numbers = tf.constant(table[["size", "weight"]].to_numpy("float32"))
scores = model({"features": numbers, **words})
pd.DataFrame(scores.numpy()).to_csv(sys.argv[3], index=False)
assert not any(name.split(".")[0] == "weftwork" for name in sys.modules)
"""


def table(rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    grade = random.integers(1, 4, rows)
    size = random.normal(size=rows).round(3) * 20 + 50
    colour = np.array(["red", "green", "blue"])[random.integers(0, 3, rows)]
    kind = np.where(size + 10 * (grade == 2) + random.normal(size=rows) * 4 > 54, "ripe", "raw")
    weight = (size * 3 + random.normal(size=rows)).round(2)
    frame = pd.DataFrame({"size": size, "grade": grade, "colour": colour, "kind": kind, "weight": weight})
    frame.loc[frame.index % 17 == 5, "colour"] = ""
    return frame


def notebook() -> Notebook:
    nodes = {
        "input_0001": Node(kind="Input", params={"shape": [9]}, label="features"),
        "dense_0001": Node(kind="Dense", params={"units": 8, "activation": "relu"}),
        "dense_0002": Node(kind="Dense", params={"units": 2, "activation": "softmax"}),
        "output_0001": Node(kind="Output", label="kind"),
    }
    ids = list(nodes)
    wires = {
        f"wire_000{number}": Wire(source=(ids[number], "output"), target=(ids[number + 1], "inputs", 0))
        for number in range(3)
    }
    return Notebook(
        cells=(
            TextCell(id="text_0001", name="intro", text="# Fruit"),
            NetworkCell(id="network_0001", name="net", nodes=nodes, wires=wires),
            TrainingCell(id="training_0001", name="fit", network="net", data="fruit", epochs=2, batch_size=16),
            ExportCell(id="export_0001", name="out", training="fit"),
        )
    )


def test_own_csv_from_the_drop_to_scores_in_another_process(start_command, new_page, tmp_path):
    weftwork = start_command(notebook())
    folder = weftwork.folder
    page = new_page()
    page.set_default_timeout(WAIT_S * 1000)
    get = page.get_by_test_id
    page.goto(weftwork.address)
    get("cell:out").wait_for()

    # Dropped on the page: a data cell, and a copy beside the notebook.
    mine = table(240, seed=1)
    content = mine.to_csv(index=False).encode()
    page.evaluate(DROP, ["fruit.csv", base64.b64encode(content).decode()])
    cell = get("cell:fruit")
    cell.wait_for()
    assert (folder / "fruit.csv").read_bytes() == content

    def saved() -> DataCell:
        cells = read_notebook_file(folder / "own.weft")[0].cells
        # The file is written two seconds after the last edit.
        return next((c for c in cells if isinstance(c, DataCell) and c.name == "fruit"), DataCell(id="", name=""))

    # Grades are no quantities; what kind it is, is to be predicted; gaps in the colours become a class.
    cell.get_by_label("Type of grade").select_option("category")
    cell.get_by_label("Role of kind").select_option("target")
    until(page, lambda: saved().roles == {"kind": "target"}, "the role was not saved")
    cell.get_by_role("button", name="Make missing a class of its own").click()
    cell.get_by_label("Add a preparation step").click()
    cell.get_by_role("menuitem", name="Standardise").click()
    until(page, lambda: len(saved().preparation) == 2, "the steps were not saved")
    assert (saved().types, saved().roles) == ({"grade": "category"}, {"kind": "target"})
    assert saved().location == "fruit.csv"
    until(page, lambda: cell.locator('[data-testid^="problem:"]').count() == 0, "a problem stayed")
    SCREENSHOTS.mkdir(exist_ok=True)
    cell.screenshot(path=SCREENSHOTS / "own_csv.png")

    get("run:fit").click()
    run = until(page, lambda: next(iter(list_runs(folder)), None), "no run began")
    until(page, lambda: run.state() == "finished", "the run did not finish")
    get("export:keras").click()
    get("exported:keras").wait_for()

    # New rows, scored without Weftwork, against the run's own network on rows prepared by the app.
    new = table(40, seed=2)
    new.drop(columns="kind").to_csv(tmp_path / "new.csv", index=False)
    model = folder / "exports" / "own.keras"
    command = [sys.executable, "-c", SCORE, str(model), str(tmp_path / "new.csv"), str(tmp_path / "scores.csv")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    scores = pd.read_csv(tmp_path / "scores.csv").to_numpy()
    np.testing.assert_allclose(scores, app_scores(folder, run, saved(), new), atol=1e-6)


def app_scores(folder: Path, run: Any, cell: DataCell, rows: pd.DataFrame) -> np.ndarray:
    import keras

    from weftwork.runtime.data.load import load
    from weftwork.runtime.data.preparation_plan import apply_plan

    dataset = load(cell, folder)
    raw = {
        "features": rows[["size", "weight"]].to_numpy("float32"),
        "grade": rows["grade"].astype(str).to_numpy(object),
        "colour": rows["colour"].to_numpy(object),
    }
    prepared = apply_plan({"features": dataset.plan["features"]}, raw)["features"]
    model = keras.models.load_model(run.model_path)
    return np.asarray(model(prepared))
