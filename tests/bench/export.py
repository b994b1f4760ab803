"""ResNet50, as it is imported, to a Python module: text, formatted, against what Keras takes to build the model."""

from __future__ import annotations

import statistics

from weftwork.compiler.document import Notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.program import Program
from weftwork.compiler.to_python import model_source

from .figures import Figure, interleaved
from .report import report

ROUNDS = 7


def resnet50(*, folded: bool) -> Program:
    """The Program of keras.applications.ResNet50, from the import's own cells; nothing is allocated."""
    import keras

    from weftwork.compiler.from_keras import from_model
    from weftwork.compiler.shapes import KerasShapes

    with keras.StatelessScope(initialize_variables=False):
        cells = from_model(keras.applications.ResNet50(weights=None), folded=folded).cells
    checked = check(Notebook(cells=tuple(cells)), oracle=KerasShapes())
    return checked.programs[cells[-1].name]


def main(rounds: int = ROUNDS) -> None:
    import keras

    def printed(program: Program) -> None:
        assert "def build_model() -> keras.Model:" in model_source(program)

    def built() -> None:
        with keras.StatelessScope(initialize_variables=False):
            keras.applications.ResNet50(weights=None)

    folded, flat = resnet50(folded=True), resnet50(folded=False)
    seconds = interleaved(rounds, {"folded": lambda: printed(folded), "flat": lambda: printed(flat), "Keras": built})
    milliseconds = {name: f"{1000 * statistics.median(taken):.0f} ms" for name, taken in seconds.items()}
    for name, program in (("folded", folded), ("flat", flat)):
        report(
            Figure(
                f"ResNet50 to Python, {name}: {len(model_source(program).splitlines())} lines",
                milliseconds[name],
                f"building it in Keras without weights: {milliseconds['Keras']}",
                "≤ 1 s",
            )
        )
