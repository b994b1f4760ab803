"""Puts what evaluations and exports have found where notebooks look for it: by content key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..compiler.document import CodeCell, EvaluationCell, ExportCell, Notebook
from .kept_outputs import made_of
from .run_directory import RunDirectory
from .standing import Surroundings, code_key, evaluation_key, export_key, made_of_run


def keep_evaluation(cell: EvaluationCell, run: RunDirectory, result: Mapping[str, Any], around: Surroundings) -> None:
    """Keeps what an evaluation has found in a run. Raises OSError."""
    around.outputs.keep(
        evaluation_key(cell, run),
        {"run": run.id, **result},
        cell=cell.id,
        notebook=around.file,
        made_of=made_of_run(run),
    )


def keep_code(notebook: Notebook, cell: CodeCell, result: Mapping[str, Any], around: Surroundings) -> None:
    """Keeps what a code cell has put out. Raises OSError."""
    around.outputs.keep(
        code_key(notebook, cell, around),
        dict(result),
        cell=cell.id,
        notebook=around.file,
        made_of=made_of(notebook, cell.name),
        fingerprints=around.fingerprints,
    )


def keep_export(notebook: Notebook, cell: ExportCell, to: str, result: Mapping[str, Any], around: Surroundings) -> None:
    """Keeps what an export has written; the files themselves stay where they are. Raises OSError."""
    around.outputs.keep(
        export_key(notebook, cell, to, around),
        {**result, "format": to},
        cell=cell.id,
        notebook=around.file,
        made_of=made_of(notebook, cell.name),
        fingerprints=around.fingerprints,
    )
