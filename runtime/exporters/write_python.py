"""The whole script: configuration, data, preparation, network, training, evaluation, saving, on one page."""

from __future__ import annotations

from collections.abc import Iterable

from ...compiler.document import Notebook, TextCell
from ...compiler.python_text import Imports
from ...compiler.to_python import docstring_text, formatted, model_function, model_source
from .data_parts import DataParts
from .subject import Subject
from .training_parts import TrainingParts


def script_source(subject: Subject, *, pipeline: bool) -> str:
    """The script; the network alone where `pipeline` is off or there are no data to train on."""
    plan, dataset, data = subject.plan, subject.dataset, subject.data
    if not pipeline or plan is None or dataset is None or data is None:
        return model_source(subject.program)
    imports = Imports()
    rows, training = DataParts(data, dataset, [plan]), TrainingParts(subject, imports)
    network = model_function(subject.program, imports)
    # What is imported is known when everything is printed.
    main = [
        "keras.utils.set_random_seed(SEED)",
        "",
        *rows.lines(),
        *training.rows(),
        "",
        *training.lines(),
        "",
        f"print({training.scores()})",
        training.saving(),
    ]
    modules = import_lines(imports, [*rows.imports(), *training.modules()])
    lines = [f'"""{title(subject.notebook, subject.program.name)}"""', "", *modules, ""]
    lines += [*training.constants(), *rows.constants(), "", ""]
    for function in [*rows.functions(), network, *training.functions()]:
        lines += [function, ""]
    lines += ['if __name__ == "__main__":', *(f"    {line}" for line in main)]
    return formatted("\n".join(lines))


def title(notebook: Notebook, otherwise: str) -> str:
    """The notebook's first heading as a sentence for a docstring."""
    texts = (cell.text for cell in notebook.cells if isinstance(cell, TextCell))
    headings = (line.lstrip("# ").strip() for text in texts for line in text.splitlines() if line.startswith("#"))
    heading = docstring_text(next(headings, otherwise)) or otherwise
    return heading + ("" if heading.endswith((".", "!", "?")) else ".")


def import_lines(imports: Imports, others: Iterable[str]) -> list[str]:
    """All import lines in order: the standard library's, a blank line, those of packages."""
    lines = {*imports.lines(), *others}
    if any(line.startswith("from keras import layers,") for line in lines):
        lines.discard("from keras import layers")
    if {"from keras import layers", "from keras import ops"} <= lines:
        lines -= {"from keras import layers", "from keras import ops"}
        lines.add("from keras import layers, ops")
    standard = sorted(line for line in lines if line.startswith(("from pathlib", "from types")))
    packages = sorted(lines - set(standard), key=lambda line: (line.startswith("from"), line))
    return [*standard, "", *packages] if standard else packages
