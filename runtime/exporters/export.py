"""Writes a network in one of the formats, loads it in a fresh process, compares, and only then puts it in place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ...compiler.document import NetworkCell, Notebook
from ...compiler.pipeline import Checked
from ...compiler.to_keras import build_model
from ...compiler.training_options import PLAIN
from ..run_directory import LAST
from .compare import by_name, difference_in_fresh_process
from .own_layers import layers_beside, write_layers
from .python_trailer import with_trailer
from .refused import ExportRefused
from .serving_model import predictions, serving_model
from .subject import Subject, find_subject, network_samples
from .write_python import script_source
from .write_saved_model import write_saved_model

# Larger, and what was written is not the same model; both sides compute in float32.
LARGEST_DIFFERENCE = 1e-4


def export_network(
    notebook: Notebook,
    cell: NetworkCell,
    checked: Checked,
    path: Path,
    *,
    to: str,
    output: Path,
    run: str | None = None,
    weights: str = LAST,
    preparation: bool = True,
    carried: str | None = None,
) -> dict[str, Any]:
    """Gives path, format, the largest difference and the run that the weights come from ("" for fresh ones).

    `carried` is the text of the notebook that travels inside a script, None for none. What stood at `output` is
    replaced, and only by something that was loaded again. Raises ExportRefused, RunNotFound, OSError.
    """
    output = output.absolute()
    if not output.parent.is_dir():
        raise FileNotFoundError(2, "No such directory", str(output.parent))
    if output.is_dir() and (to != "savedmodel" or (any(output.iterdir()) and not _is_saved_model(output))):
        raise ExportRefused(f"{output} is a folder with other things in it; choose another name.")
    subject = find_subject(notebook, cell, checked, path, run, weights)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".weftwork-export-") as folder:
        part = Path(folder, output.name)
        if to == "python":
            code = script_source(subject, pipeline=preparation)
            part.write_text(code if carried is None else with_trailer(code, carried), encoding="utf-8")
            difference = difference_of_script(subject, part)
        else:
            difference = _WRITERS[to](subject, part, preparation)
        if not difference <= LARGEST_DIFFERENCE:
            raise ExportRefused(f"{output.name} predicts differently after loading: {difference:.3g} at most.")
        put_in_place(part, output)
        if layers_beside(part).is_file():
            put_in_place(layers_beside(part), layers_beside(output))
    return {
        "path": str(output),
        "format": to,
        "difference": difference,
        "run": subject.run.id if subject.run else "",
    }


def _is_saved_model(folder: Path) -> bool:
    return (folder / "saved_model.pb").is_file()


def put_in_place(part: Path, output: Path) -> None:
    """Moves what was written to where it is to be, in the place of what stood there."""
    if output.is_dir():
        shutil.rmtree(output)
    part.replace(output)


def _to_keras(subject: Subject, part: Path, preparation: bool) -> float:
    model, samples = serving_model(subject, preparation=preparation)
    # Keras insists on its ending; the user's name may have another.
    written = part.with_name("model.keras")
    model.save(written)
    code = write_layers(subject.program, part)
    difference = difference_in_fresh_process("keras", written, samples, by_name(predictions(model, samples)), code)
    written.rename(part)
    return difference


def _to_savedmodel(subject: Subject, part: Path, preparation: bool) -> float:
    model, samples = serving_model(subject, preparation=preparation)
    write_saved_model(model, part)
    return difference_in_fresh_process("savedmodel", part, samples, by_name(predictions(model, samples)))


def difference_of_script(subject: Subject, part: Path) -> float:
    """The largest difference between the model and what the script's `build_model()` gives, with the same weights."""
    weights = part.with_name("weights.keras")
    subject.model.save(weights)
    samples: dict[str, np.ndarray] = network_samples(subject)
    expected = by_name(predictions(_in_plain_precision(subject), samples))
    return difference_in_fresh_process("python", part, samples, expected, weights)


def _in_plain_precision(subject: Subject) -> keras.Model:
    """The model as `build_model()` of the script makes it: the script sets another precision only where it trains."""
    if all(layer.dtype_policy.name == PLAIN for layer in subject.model.layers):
        return subject.model
    model = build_model(subject.program)
    model.set_weights(subject.model.get_weights())
    return model


_WRITERS: dict[str, Callable[[Subject, Path, bool], float]] = {
    "keras": _to_keras,
    "savedmodel": _to_savedmodel,
}
