"""NASNetLarge and ResNet50 as notebooks, once Keras is loaded, against what Keras takes to make their models."""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from weftwork.compiler.document_file import read_notebook
from weftwork.runtime.importers.keras_task import read_keras_file

from .figures import Figure, interleaved
from .report import report

ROUNDS = 5
MODELS = ("ResNet50", "NASNetLarge")


def main(rounds: int = ROUNDS) -> None:
    import keras

    with tempfile.TemporaryDirectory() as folder:
        for name in MODELS:
            path = Path(folder, f"{name}.json")
            with keras.StatelessScope(initialize_variables=False):
                path.write_text(getattr(keras.applications, name)(weights=None).to_json(), encoding="utf-8")
            text = path.read_text(encoding="utf-8")
            answer = read_keras_file(str(path))
            (whole, *blocks) = read_notebook(answer["text"])[0].networks()

            def read(path: Path = path) -> None:
                assert "refused" not in read_keras_file(str(path))

            def made(text: str = text) -> None:
                with keras.StatelessScope(initialize_variables=False):
                    keras.models.model_from_json(text)

            seconds = interleaved(rounds, {"ours": read, "Keras": made})
            report(
                Figure(
                    f"import of {name}: {len(json.loads(text)['config']['layers']):,} layers, folded to "
                    f"{len(whole.nodes)} nodes and {len(blocks)} networks",
                    f"{statistics.median(seconds['ours']):.1f} s",
                    f"Keras makes the model of its config: {statistics.median(seconds['Keras']):.1f} s",
                    "≤ 5 s",
                )
            )
