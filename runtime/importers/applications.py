"""A network of keras.applications without its classifier, as cells for a notebook. A task of the host."""

from __future__ import annotations

import json
from typing import Any

TASK = "weftwork.runtime.importers.applications:backbone"


def backbone(name: str, taken: list[str]) -> dict[str, Any]:
    """{"text": a notebook with the network first, called `name`, and the networks inside it, none called as `taken`}.

    Its Input is `image` and its Output `features`; no weights are made. Raises ValueError for a name that Keras does
    not have."""
    from ..quiet_tensorflow import quiet_tensorflow

    quiet_tensorflow()
    import keras

    from ...compiler.catalogue import catalogue
    from ...compiler.document import NetworkCell, Notebook
    from ...compiler.from_keras import from_config
    from ...compiler.importing.as_notebook import placed
    from ...compiler.write_notebook import write_notebook

    if name not in catalogue().applications:
        raise ValueError(f"keras.applications has no {name}.")
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None, include_top=False)
    imported = from_config(json.loads(model.to_json()), name, taken=set(taken))
    ports = {"Input": "image", "Output": "features"}
    whole = imported.cells[-1]
    nodes = {
        id_: node.model_copy(update={"label": ports[node.kind]}) if node.kind in ports else node
        for id_, node in whole.nodes.items()
    }
    named = whole.model_copy(update={"nodes": nodes})
    cells: list[NetworkCell] = [
        cell.model_copy(update={"folded": True}) for cell in placed((*imported.cells[:-1], named))
    ]
    return {"text": write_notebook(Notebook(cells=tuple(cells)))}
