"""What prose may show of each kind of cell, as text; and how it stands in a Jupyter notebook."""

from __future__ import annotations

from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Node,
    Notebook,
    TrainingCell,
)
from weftwork.compiler.specs import DataDescription, DataField, NodeShapes, TensorSpec
from weftwork.runtime.exporters.prose import prose
from weftwork.runtime.keep_results import keep_evaluation
from weftwork.runtime.kept_outputs import KeptOutputs
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.shown_values import shown_values
from weftwork.runtime.standing import Surroundings, standings

FIELDS = {
    "size": DataField("size", (1,)),
    "tree": DataField("tree", (), "int32", "target", "category", ("ash", "elm", "oak")),
}
NOTEBOOK = Notebook(
    cells=(
        DataCell(id="d", name="my leaves"),
        NetworkCell(id="n", name="net", nodes={"a": Node(kind="Dense"), "b": Node(kind="Dense")}),
        TrainingCell(id="t", name="fit", network="net", data="my leaves", epochs=7, seed=3),
        EvaluationCell(id="e", name="errors", training="fit"),
        ExportCell(id="x", name="out", training="fit"),
    )
)


def values(folder, **known):
    around = Surroundings(folder, "a.weft", KeptOutputs(folder))
    data = {"my leaves": DataDescription(FIELDS, rows=1200, validation_rows=300)}
    return shown_values(NOTEBOOK, standings(NOTEBOOK, around), data, known.get("shapes", {}), {})


def test_data_network_and_settings_are_known_without_a_run(tmp_path):
    shapes = {"net": {"a": NodeShapes({"output": TensorSpec((None, 8))}, 1000), "b": NodeShapes({}, 24)}}
    found = values(tmp_path, shapes=shapes)
    assert found["my leaves"] == {"rows": "1,500", "validation_rows": "300", "columns": "2", "classes": "3"}
    assert found["net"] == {"nodes": "2", "wires": "0", "parameters": "1,024"}
    assert found["fit"] == {"epochs": "7", "batch_size": "32", "seed": "3"}
    assert found.keys() == {"my leaves", "net", "fit"}


def test_results_of_a_run_and_its_evaluation_are_those_that_were_kept(tmp_path):
    run = create_run(tmp_path, NOTEBOOK, "fit", notebook_name="a.weft")
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    record.event("epoch", epoch=7, epochs=7, step=70, metrics={"val_sparse_categorical_accuracy": 0.9163, "loss": 0.1})
    run.model_path.write_bytes(b"a model")
    record.end("finished", seconds=64.0)
    around = Surroundings(tmp_path, "a.weft", KeptOutputs(tmp_path))
    keep_evaluation(NOTEBOOK.cell("errors"), run, {"metrics": {"accuracy": 0.5, "loss": 2.0}, "rows": 300}, around)
    found = values(tmp_path)
    assert found["fit"]["val_accuracy"] == found["fit"]["val_sparse_categorical_accuracy"] == "91.6 %"
    assert (found["fit"]["loss"], found["fit"]["seconds"], found["fit"]["state"]) == ("0.1", "1 min 4 s", "finished")
    assert found["errors"] == {"accuracy": "50.0 %", "loss": "2", "rows": "300"}
    text = "{{fit.val_accuracy}} of {{ my leaves.rows }}, `{{fit.loss}}` and {{out.path}}, {{nobody.x}}"
    assert prose(text, found) == "91.6 % of 1,500, `{{fit.loss}}` and `out.path`, `nobody.x`"
