"""Which layer of the imported network is which one of the file: what weights are found by. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..document import NetworkCell
from ..labels import layer_names
from ..nesting.references import network_name
from .model_config import ModelConfig

# Operations here that were layers in the file; other operations never are.
_LAYERS_THERE = ("TFOpLambda", "SlicingOpLambda")


@dataclass(frozen=True, slots=True)
class FileLayer:
    """A layer of the file, in the file's order. `name` and `class_name` are the file's, `layer` what it is called
    in the imported network with all that is inside laid out flat ("" where it has no weights there). `inside` are
    the layers of one that is itself a model."""

    name: str
    class_name: str
    layer: str = ""
    inside: tuple[FileLayer, ...] = ()
    frozen: bool = False

    def leaves(self) -> list[FileLayer]:
        """The layers in this one that were imported, itself where it is none of several."""
        if self.inside:
            return [leaf for one in self.inside for leaf in one.leaves()]
        return [self] if self.layer else []


def file_layers(model: ModelConfig, places: Mapping[int, tuple[NetworkCell, dict[str, str]]]) -> tuple[FileLayer, ...]:
    """The layers of a model that was imported, with the names that they have now."""
    cell, _ = places[id(model)]
    return _inside(model, places, "", flat_names(cell, {one.name: one for one, _ in places.values()}))


def flat_names(cell: NetworkCell, networks: Mapping[str, NetworkCell]) -> dict[str, str]:
    """What every layer is called by its path, as a flat Program has it; also where the Program cannot be made yet."""
    found = {}
    for id_, name in layer_names(cell).items():
        network = networks.get(network_name(cell.nodes[id_].kind) or "")
        if network is None:
            found[id_] = name
        else:
            found |= {f"{id_}/{path}": f"{name}_{inner}" for path, inner in flat_names(network, networks).items()}
    return found


def _inside(
    model: ModelConfig, places: Any, path: str, names: Mapping[str, str], frozen: bool = False
) -> tuple[FileLayer, ...]:
    _, owners = places[id(model)]
    frozen = frozen or not model.trainable
    found = []
    for layer in model.layers:
        class_name = str(layer.raw.get("class_name") or layer.class_name)
        if layer.operation and class_name not in _LAYERS_THERE:
            continue
        node = owners.get(layer.name)
        inside: tuple[FileLayer, ...] = ()
        if node is not None and layer.model is not None and id(layer.model) in places:
            inside = _inside(layer.model, places, f"{path}{node}/", names, frozen)
        still = frozen or layer.config.get("trainable") is False
        found.append(FileLayer(layer.name, class_name, names.get(f"{path}{node}", ""), inside, still))
    return tuple(found)
