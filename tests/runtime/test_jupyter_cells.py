"""Jupyter notebooks of notebooks that hold several of everything: order, names, and that they run top to bottom."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest

from tests.editor.small_notebook import NODES, chain, small_notebook, write_small_notebook
from weftwork.compiler.document import CodeCell, EvaluationCell, NetworkCell, TextCell, TrainingCell
from weftwork.compiler.document_file import write_notebook
from weftwork.runtime import export, train

pytestmark = pytest.mark.keras


WORDS = (
    "{{leaves.rows}} leaves and {{ classifier.parameters }} parameters took {{fit.epochs}} epochs to "
    "{{fit.val_accuracy}}; what is not known stays: {{fit wide.val_accuracy}}, {{evaluation.rows}}, `{{fit.epochs}}`."
)


def exported(folder: Path, *, carry: bool = True) -> nbformat.NotebookNode:
    result = export(folder / "leaves.weft", to="ipynb", output=folder / "leaves.ipynb", carry=carry)
    assert (result["format"], result["difference"]) == ("ipynb", 0.0)
    document = nbformat.read(folder / "leaves.ipynb", as_version=4)
    nbformat.validate(document)
    return document


def run_all(document: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """As Jupyter runs it, in a kernel of this Python that does not find Weftwork."""
    from nbclient import NotebookClient

    hide = "import sys\nsys.modules['weftwork'] = None"
    document.cells.insert(0, nbformat.v4.new_code_cell(hide))
    client = NotebookClient(document, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env={"PATH": str(Path(sys.executable).parent), "TF_CPP_MIN_LOG_LEVEL": "3", "HOME": str(folder)})
    return document


def shown(cell: nbformat.NotebookNode) -> str:
    return "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", ())
    )


@pytest.mark.long
def test_several_networks_and_trainings_run_beside_each_other(tmp_path):
    write_small_notebook(tmp_path)
    notebook = small_notebook()
    intro, data, network, fit, evaluation, exporting = notebook.cells
    wide = {**NODES, "dense_1": NODES["dense_1"].model_copy(update={"params": {"units": 16, "activation": "relu"}})}
    second = NetworkCell(id="net2", name="wide one", nodes=wide, wires=chain(*wide), layout=network.layout)
    cells = (
        # A training may stand above what it uses.
        TrainingCell(id="fit2", name="fit wide", network="wide one", data="leaves", epochs=2, batch_size=8, seed=4),
        intro,
        data,
        network,
        second,
        fit,
        TextCell(id="words", name="words", text=WORDS),
        evaluation,
        EvaluationCell(id="eval2", name="evaluation 2", training="fit wide"),
        # Code that was written for here finds the cells by their names.
        CodeCell(
            id="own",
            name="own",
            code="print( fit.model.count_params(),fit_wide.model.count_params(), classifier.build().count_params() )\n"
            "print(sorted(leaves.train), len(fit.history['loss']), 'val_loss' in fit_wide.metrics)",
        ),
        exporting,
    )
    (tmp_path / "leaves.weft").write_text(write_notebook(notebook.model_copy(update={"cells": cells})))
    run = train(tmp_path / "leaves.weft", cell="fit")
    document = exported(tmp_path)
    ids = [cell.id for cell in document.cells]
    assert ids == [
        "configuration",
        "data",
        "net2",
        "fit2",
        "intro",
        "net",
        "fit",
        "words",
        "eval",
        "eval2",
        "own",
        "export",
    ]
    by_id = {cell.id: cell for cell in document.cells}
    (accuracy,) = [value for name, value in run["metrics"].items() if re.fullmatch(r"val_.*accuracy", name)]
    rows, parameters = 120, 3 * 8 + 8 + 8 * 2 + 2
    assert by_id["words"].source == (
        f"{rows} leaves and {parameters} parameters took 3 epochs to {accuracy * 100:.1f} %; "
        "what is not known stays: `fit wide.val_accuracy`, `evaluation.rows`, `{{fit.epochs}}`."
    )
    assert by_id["own"].source == cells[-2].code
    assert by_id["intro"].cell_type == "markdown"
    assert "EPOCHS_FIT = 3" in by_id["configuration"].source
    assert "EPOCHS_FIT_WIDE = 2" in by_id["configuration"].source
    run_all(document, tmp_path)
    small, large = 3 * 8 + 8 + 8 * 2 + 2, 3 * 16 + 16 + 16 * 2 + 2
    assert shown(by_id["own"]).split("\n")[:2] == [f"{small} {large} {small}", "['features', 'tree'] 3 True"]
    for id_, epochs in (("fit", 3), ("fit2", 2)):
        assert "val_loss" in shown(by_id[id_])
        assert len(shown(by_id[id_]).strip().splitlines()[-epochs:]) == epochs
    assert "predicted" in shown(by_id["eval"])
    assert (tmp_path / "classifier.keras").is_file()


def test_data_that_cannot_be_read_leave_a_note_and_the_network(tmp_path):
    write_small_notebook(tmp_path)
    (tmp_path / "leaves.csv").unlink()
    document = exported(tmp_path, carry=False)
    assert "weftwork" not in document.metadata
    by_id = {cell.id: cell for cell in document.cells}
    assert by_id["data"].source == "*The rows of “leaves” could not be read when this was exported; add them here.*"
    assert "def build_model()" in by_id["net"].source
    assert by_id["fit"].cell_type == "markdown"
    assert "eval" not in by_id
