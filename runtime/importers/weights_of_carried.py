"""The weights of a .keras file that carries its notebook: they go to the network of it that was exported.

The network stands in the file as it is, or behind its preparation as a model inside. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...compiler.document import NetworkCell, Notebook
from ...compiler.document_file import read_notebook
from ...compiler.importing.model_config import LayerConfig, ModelConfig
from ...compiler.importing.places import FileLayer, flat_names
from ...compiler.importing.read_keras3 import read_model
from ...compiler.nesting.references import networks_by_name
from ...compiler.write_notebook import write_notebook
from ..safe_hdf5 import UnreadableWeights
from .keras_file import model_config
from .model_weights import has_weights, keep_weights
from .weights_beside import pending


def weights_of_carried(file: Path, text: str, weights: Path) -> dict[str, Any]:
    """{"text": the notebook, whose network names the weights where there are any, "weights": of how many layers}.

    Raises ImportRefused where the model's config cannot be read."""
    answer = {"text": text, "report": {}, "said": [], "weights": 0}
    if not has_weights(file):
        return answer
    notebook, _ = read_notebook(text)
    model = read_model(model_config(file))
    found = _best(model, notebook)
    if found is None:
        return answer
    cell, part, names = found
    try:
        kept = keep_weights(file, _layers(model, part, names), weights)
    except (UnreadableWeights, OSError, MemoryError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = error if isinstance(error, UnreadableWeights) else "they are damaged"
        weights.unlink(missing_ok=True)
        return {**answer, "said": [f"Its weights were left out: {why}."]}
    if not kept:
        weights.unlink(missing_ok=True)
        return answer
    notebook = notebook.with_cell(cell.model_copy(update={"weights": pending(weights)}))
    return {**answer, "text": write_notebook(notebook), "weights": len(set(kept))}


def _best(model: ModelConfig, notebook: Notebook) -> tuple[NetworkCell, ModelConfig, set[str]] | None:
    """The network and the model in the file that have the most layers of the same names."""
    networks = networks_by_name(notebook)
    best, most = None, 0
    for cell in notebook.networks():
        names = set(flat_names(cell, networks).values())
        for part in _models(model):
            common = names & {layer.name for layer in _with_weights(part)}
            if len(common) > most:
                best, most = (cell, part, common), len(common)
    return best


def _models(model: ModelConfig) -> Iterator[ModelConfig]:
    yield model
    for layer in model.layers:
        if layer.model is not None:
            yield from _models(layer.model)


def _with_weights(model: ModelConfig) -> Iterator[LayerConfig]:
    return (one for one in model.layers if one.class_name != "InputLayer" and not one.operation and one.model is None)


def _layers(model: ModelConfig, part: ModelConfig, names: set[str]) -> tuple[FileLayer, ...]:
    """The layers of the file, of which only those of one model are to be kept, each under its own name."""
    return tuple(
        FileLayer(
            one.name,
            one.class_name,
            one.name if model is part and one.name in names else "",
            _layers(one.model, part, names) if one.model is not None else (),
        )
        for one in model.layers
        if not one.operation
    )
