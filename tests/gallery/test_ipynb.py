"""Gallery notebooks as Jupyter notebooks: they run top to bottom in a kernel that has no Weftwork, and come back."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tests.runtime.test_jupyter_cells import run_all, shown
from weftwork.gallery.cards import cards, copy_card
from weftwork.runtime import export, import_notebook, show

pytestmark = pytest.mark.keras

# One that is quick; the others take longer than continuous integration allows.
NAMES = [pytest.param(card.name, marks=() if card.name == "tumours" else pytest.mark.long) for card in cards()]


@pytest.mark.parametrize("name", NAMES)
def test_gallery_notebook_runs_in_jupyter_without_weftwork(name, tmp_path):
    path = copy_card(name, tmp_path)
    export(path, to="ipynb", output=tmp_path / "jupyter.ipynb")
    imported = import_notebook(tmp_path / "jupyter.ipynb")
    assert Path(imported["path"]).read_bytes() == path.read_bytes()
    assert (imported["placeholders"], imported["folded"], imported["notices"]) == ([], 0, [])
    document = nbformat.read(tmp_path / "jupyter.ipynb", as_version=4)
    assert "weftwork" not in "\n".join(cell.source for cell in document.cells if cell.cell_type == "code").lower()
    by_kind = {cell.id.split("_")[0]: cell for cell in document.cells}
    assert list(by_kind) == ["text", "configuration", "data", "network", "training", "evaluation", "export"]
    by_kind["configuration"].source = re.sub(r"EPOCHS = \d+", "EPOCHS = 2", by_kind["configuration"].source)
    document.cells.append(nbformat.v4.new_code_cell("model.count_params()"))
    run_all(document, tmp_path)
    assert "val_loss" in shown(by_kind["training"])
    networks = [cell for cell in show(path)["cells"] if cell["kind"] == "network"]
    counts = [(cell["name"], cell["layers"], cell["parameters"]) for cell in networks]
    assert [(cell["name"], cell["layers"], cell["parameters"]) for cell in imported["networks"]] == counts
    (network,) = [cell for cell in networks if is_main(cell, path)]
    assert shown(document.cells[-1]) == str(network["parameters"])
    assert len(list(tmp_path.glob("[!.]*.keras"))) == 1


def is_main(cell: dict, path: Path) -> bool:
    """Whether a network stands in no other."""
    return f'"network:{cell["name"]}"' not in path.read_text(encoding="utf-8")
