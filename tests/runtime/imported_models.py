"""Files of models as notebooks, and the networks in these as models again, with the weights that came along."""

from __future__ import annotations

from pathlib import Path

import keras

from weftwork.compiler.document import NetworkCell
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.program import Program
from weftwork.compiler.shapes import KerasShapes
from weftwork.compiler.to_keras import build_model
from weftwork.runtime.importers.import_file import keep_copy
from weftwork.runtime.importers.imported import Imported
from weftwork.runtime.importers.keras_task import read_keras_file
from weftwork.runtime.importers.weights_beside import waiting_place
from weftwork.runtime.start_weights import start_with


def imported(path: Path) -> Path:
    """The notebook made of a model's file, as `weftwork import` makes it, here without another process."""
    waiting = waiting_place(path.parent)
    answer = read_keras_file(str(path), weights=str(waiting))
    assert "refused" not in answer, answer
    kept = waiting if answer["weights"] else None
    made, _ = keep_copy(path.parent, path.stem, Imported(answer["text"], [], {}, kept, answer["weights"]))
    return made


def with_its_weights(notebook: Path) -> tuple[keras.Model, list[str]]:
    """The network as built, and the layers that got no weights from the file."""
    cell, program = drawn(notebook)
    model = build_model(program)
    return model, start_with(model, program, cell, notebook.parent).fresh


def drawn(notebook: Path) -> tuple[NetworkCell, Program]:
    """The network of an imported notebook, checked."""
    read, problems = read_notebook(notebook.read_text(encoding="utf-8"))
    assert problems == []
    checked = check(read, oracle=KerasShapes())
    cell = read.networks()[0]
    assert cell.name in checked.programs, [problem.message for problem in checked.problems]
    return cell, checked.programs[cell.name]
