"""Writes a whole notebook as a Jupyter notebook; each network in it is built in a fresh process and compared."""

from __future__ import annotations

import ast
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from ...compiler.code.kinds import source_text
from ...compiler.document import CodeCell, DataCell, Notebook, TrainingCell
from ...compiler.pipeline import Checked
from ..data.load import Dataset, load
from ..data.source import UnusableData
from ..kept_outputs import KeptOutputs
from ..run_directory import LAST
from ..shown_values import shown_values
from ..standing import Surroundings, standings
from .export import LARGEST_DIFFERENCE, put_in_place
from .jupyter_cells import Material, jupyter_cells
from .jupyter_names import builder_names, built_networks
from .refused import ExportRefused
from .subject import Subject, find_subject, for_training
from .write_ipynb import JupyterCell, ipynb_text
from .writers import compared_script


def export_ipynb(
    notebook: Notebook,
    checked: Checked,
    path: Path,
    *,
    output: Path,
    weights: str = LAST,
    carried: str | None = None,
) -> dict[str, Any]:
    """Gives path, format, the largest difference over all networks and the run of the first one ("" for fresh weights).

    `carried` is the text of the notebook that travels inside. Raises ExportRefused, OSError.
    """
    output = output.absolute()
    if not output.parent.is_dir():
        raise FileNotFoundError(2, "No such directory", str(output.parent))
    if output.is_dir():
        raise ExportRefused(f"{output} is a folder; choose another name.")
    networks, material = _material(notebook, checked, path, weights)
    cells = jupyter_cells(material)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".weftwork-export-") as folder:
        difference = 0.0
        for name, builder in builder_names(list(networks)).items():
            script = Path(folder, f"{builder}.py")
            script.write_text(_builder_script(networks[name], cells, builder), encoding="utf-8")
            compared = compared_script(networks[name], script)
            difference = max(difference, compared.difference)
            if not compared.difference <= LARGEST_DIFFERENCE * max(1.0, compared.largest):
                raise ExportRefused(f"{output.name} predicts differently after loading: {difference:.3g} at most.")
        part = Path(folder, output.name)
        part.write_text(ipynb_text(cells, carried), encoding="utf-8")
        put_in_place(part, output)
    run = next((subject.run.id for subject in networks.values() if subject.run), "")
    return {"path": str(output), "format": "ipynb", "difference": difference, "run": run}


def _material(notebook: Notebook, checked: Checked, path: Path, weights: str) -> tuple[dict[str, Subject], Material]:
    """The networks with what they are compared with, and what the cells are written of."""

    @cache
    def rows(cell_id: str) -> Dataset:
        cell = notebook.cell_by_id(cell_id)
        assert isinstance(cell, DataCell)
        return load(cell, path.parent)

    def read(cell: DataCell, folder: Path) -> Dataset:
        return rows(cell.id)

    built = built_networks(notebook, checked.programs)
    by_name = {cell.name: cell for cell in notebook.networks()}
    networks = {name: find_subject(notebook, by_name[name], checked, path, None, weights, read) for name in built}
    subjects: dict[str, Subject] = {}
    datasets: dict[str, Dataset] = {}
    for cell in notebook.cells:
        if isinstance(cell, TrainingCell) and cell.network in networks:
            subject = for_training(networks[cell.network], cell, path.parent, read)
            if subject.plan is not None:
                subjects[cell.name] = subject
        elif isinstance(cell, DataCell):
            try:
                datasets[cell.name] = rows(cell.id)
            except UnusableData:
                continue
    data = {name: dataset.description for name, dataset in datasets.items()}
    fingerprints = {name: found.fingerprint for name, found in data.items() if found.fingerprint}
    around = Surroundings(path.parent, path.name, KeptOutputs(path.parent), fingerprints)
    values = shown_values(notebook, standings(notebook, around), data, checked.shapes, checked.programs)
    return networks, Material(notebook, checked.programs, subjects, datasets, values)


def _builder_script(subject: Subject, cells: list[JupyterCell], builder: str) -> str:
    """Imports and functions as a script with `build_model()`. Of the person's own code it holds only the layers of this
    network, which are in a Program where their code was allowed to run."""
    foreign = {cell.id for cell in subject.notebook.cells if isinstance(cell, CodeCell)}
    kept: list[ast.stmt] = []
    for cell in cells:
        if cell.kind == "code" and cell.of not in foreign:
            statements = ast.parse(cell.source).body
            kept += [s for s in statements if isinstance(s, ast.FunctionDef | ast.Import | ast.ImportFrom)]
    imports, own = source_text(subject.program.code)
    alias = [] if builder == "build_model" else [f"build_model = {builder}"]
    return "\n\n".join([*imports, *own, *map(ast.unparse, kept), *alias]) + "\n"
