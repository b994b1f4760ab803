"""What code may run on this machine: kept by the hash of its text, outside of any notebook's folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_data_path

from ...compiler.apply_change import apply_all
from ...compiler.code.kinds import code_hash, code_kinds
from ...compiler.code.lambda_layers import lambda_code
from ...compiler.document import CodeCell, DataCell, Notebook
from ...compiler.document_file import read_notebook_file
from ...compiler.problems import Problem
from ..atomic_file import write_atomically

_FILE = "allowed-code.txt"
_LENGTH = 64

# For this process alone: `--allow-code`.
_here: set[str] = set()
_known: tuple[tuple[int, int] | None, frozenset[str]] = None, frozenset()


def allowed_hashes() -> frozenset[str]:
    """The hashes of all code that may run."""
    global _known
    path = consent_file()
    try:
        status = path.stat()
        state = status.st_mtime_ns, status.st_size
        if _known[0] != state:
            lines = path.read_text(encoding="ascii", errors="ignore").split()
            _known = state, frozenset(line for line in lines if len(line) == _LENGTH)
        kept = _known[1]
    except OSError:
        kept = frozenset()
    return kept | _here


def may_run(code: str) -> bool:
    """Whether this text may run. Empty text always may: it does nothing."""
    return not code.strip() or code_hash(code) in allowed_hashes()


def allow(codes: Iterable[str]) -> None:
    """Lets these texts run from now on, on this machine. Raises OSError where that cannot be kept."""
    new = {code_hash(code) for code in codes} - allowed_hashes()
    if not new:
        return
    path = consent_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, "".join(f"{line}\n" for line in sorted(allowed_hashes() - _here | new)))


def allow_here(codes: Iterable[str]) -> None:
    """Lets these texts run in this process, and keeps nothing."""
    _here.update(code_hash(code) for code in codes)


def allow_file_here(path: Path) -> None:
    """Lets the code of a notebook file run in this process: `--allow-code`. A file that cannot be read has none."""
    try:
        notebook, _ = read_notebook_file(path)
    except OSError:
        return
    allow_here(codes_of(notebook))


def codes_of(notebook: Notebook) -> list[str]:
    """All code of a notebook: that of its code cells, and that which its Lambda layers hold."""
    found = lambda_code(notebook)
    return [cell.code for cell in (*notebook.cells, *([found.cell] if found else [])) if isinstance(cell, CodeCell)]


def read_to_run(path: Path) -> tuple[Notebook, list[Problem]]:
    """The notebook in a file and its problems, as `read_notebook_file` gives them; what Lambda layers hold stands in a
    code cell where it may run. Raises OSError."""
    notebook, problems = read_notebook_file(path)
    found = lambda_code(notebook)
    return (apply_all(notebook, found.changes) if found and may_run(found.cell.code) else notebook), problems


def allowed_in(notebook: Notebook) -> frozenset[str]:
    """The hashes of a notebook's code that may run, for `pipeline.check`."""
    hashes = allowed_hashes() if any(isinstance(cell, CodeCell) for cell in notebook.cells) else frozenset()
    return frozenset(
        code_hash(cell.code)
        for cell in notebook.cells
        if isinstance(cell, CodeCell) and (code_hash(cell.code) in hashes or not cell.code.strip())
    )


def waiting(notebook: Notebook) -> tuple[CodeCell, ...]:
    """The code cells that may not run yet."""
    cells = tuple(cell for cell in notebook.cells if isinstance(cell, CodeCell))
    return tuple(cell for cell in cells if not may_run(cell.code)) if cells else ()


def what_would_run(notebook: Notebook) -> list[str]:
    """What consent would let run, a sentence for each cell without its full stop."""
    layers: dict[str, list[str]] = {}
    for one in code_kinds(notebook):
        layers.setdefault(one.cells[-1], []).append(one.name)
    found = []
    for cell in waiting(notebook):
        lines = len(cell.code.strip().splitlines())
        words = f"{cell.name}: {lines} line{'' if lines == 1 else 's'} of Python"
        if cell.name in layers:
            used = sum(node.kind in layers[cell.name] for one in notebook.networks() for node in one.nodes.values())
            named = " and ".join(layers[cell.name])
            words += f", defines layer{'' if len(layers[cell.name]) == 1 else 's'} {named}"
            words += f" ({used} node{'' if used == 1 else 's'})" if used else ""
        for other in notebook.cells:
            if isinstance(other, DataCell) and other.source == "code":
                name, _, function = other.location.rpartition(".")
                if name == cell.name:
                    words += f", gives {other.name} its rows by {function}()"
        found.append(words)
    held = lambda_code(notebook)
    return [*found, *(held.said if held else ())]


def consent_file() -> Path:
    """Where consent is kept. `WEFTWORK_DATA` names another folder."""
    folder = os.environ.get("WEFTWORK_DATA")
    return (Path(folder) if folder else user_data_path("weftwork")) / _FILE
