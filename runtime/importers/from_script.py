"""A script that builds Keras models as a notebook with their networks: run after consent, in a limited process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...compiler.apply_change import apply
from ...compiler.changes import RenameCell
from ...compiler.document import AnyCell, Notebook
from ...compiler.document_file import read_notebook
from ...compiler.write_notebook import write_notebook
from ..code_cells.consent import may_run
from .from_keras_file import from_keras_file
from .imported import Imported
from .refused import ImportRefused, NeedsConsent

TIME_LIMIT_S = 120
_MOST_TEXT = 10**6


def from_script(content: bytes, name: str, folder: Path | None = None) -> Imported:
    """The notebook with the networks of the models that a script of that name makes; with their weights where it loaded
    some. Raises NeedsConsent, ImportRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{name} is no Python script: it is not text.") from error
    if "keras" not in text:
        raise ImportRefused(f"{name} has no notebook inside, and does not use Keras.")
    if not may_run(text):
        lines = len(text.strip().splitlines())
        raise NeedsConsent(
            f"{name} has no notebook inside. Its models can be taken by running it: {lines} "
            f"line{'s' * (lines != 1)} of Python, in a process of its own, without network and without training.",
            text,
        )
    with tempfile.TemporaryDirectory() as own:
        script = Path(own, "script", Path(name).name)
        script.parent.mkdir()
        # The text that was allowed, whatever stands in the file by now.
        script.write_text(text, encoding="utf-8")
        answer = _run(script, Path(own), name)
        said = [str(line) for line in answer["said"]][:20]
        files = [Path(own, file) for file in answer["models"]]
        if answer["failed"]:
            said.append(f"{name} broke off. {answer['failed']}.")
        if not files:
            raise ImportRefused(" ".join([f"{name} made no model that can be imported.", *said]))
        # Random weights, with which a script begins, are none to keep.
        keep = folder if len(files) == 1 and answer["loaded"] else None
        return _joined([from_keras_file(file, keep) for file in files], said)


def _run(script: Path, own: Path, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"{__package__}.script_main", str(script), str(own)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "MPLBACKEND": "agg", "KERAS_BACKEND": "tensorflow"},
    )
    try:
        code = process.wait(TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise ImportRefused(f"{name} took longer than {TIME_LIMIT_S} s; it was ended.") from None
    finally:
        _end(process)
    answer = own / "answer.json"
    if not answer.is_file() or answer.stat().st_size > _MOST_TEXT:
        raise ImportRefused(f"{name} ended the process in which it ran (code {code}): it may take 4 GB and 110 s.")
    told = json.loads(answer.read_text(encoding="utf-8"))
    # What comes out of that process is the script's; only files in its own folder are read.
    inside = [file for file in told["models"] if Path(file).resolve().is_relative_to(own.resolve())]
    return {**told, "failed": str(told["failed"]), "models": inside}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the script and whatever it left running."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _joined(parts: list[Imported], said: list[str]) -> Imported:
    """One notebook with all networks. Those of several models come without weights: they would have one name."""
    if len(parts) == 1:
        (one,) = parts
        return Imported(one.text, [*said, *one.notices], one.report, one.weights, one.weighted)
    cells: list[AnyCell] = []
    report: dict[str, Any] = {}
    for part in parts:
        taken = {cell.name for cell in cells}
        read, _ = read_notebook(part.text)
        for cell in read.networks():
            name, number = cell.name, 1
            while name in taken:
                number += 1
                name = f"{cell.name} {number}"
            if name != cell.name:
                read = apply(read, RenameCell(cell=cell.id, name=name))
            taken.add(name)
        cells += read.networks()
        for key, value in part.report.items():
            report[key] = report[key] + value if key in report else value
    return Imported(write_notebook(Notebook(cells=tuple(cells))), said, report)
