"""Reads a model's file in a process of its own, with limits of memory and time; the rest is plain text.

`by_host` has the warm host do it; `in_fresh_process` starts one where there is no host.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .refused import ImportRefused

if TYPE_CHECKING:
    from ..host import Host

TASK = "weftwork.runtime.importers.keras_task:read_keras_file"

# On top of what TensorFlow has taken before the file is opened.
MEMORY_BYTES = 4 * 2**30
# Reading takes seconds; an archive that takes longer was made for that.
TIME_LIMIT_S = 120


def read_keras_file(path: str, name: str = "", weights: str = "", carried: str = "") -> dict[str, Any]:
    """{"text": the notebook's file, "report": what was mapped, "said": the same in words}, or {"refused": one line}.

    `name` is what the network is called; without it, its own name. `weights` is a file that does not exist yet, for the
    weights; "weights" in the answer tells how many layers have theirs in it. `carried` is the text of the notebook that
    is in the file already: then only the weights are read, for the network of it that was exported."""
    from ..quiet_tensorflow import quiet_tensorflow

    quiet_tensorflow()
    from ...compiler.from_keras import ImportRefused as ConfigRefused
    from ...compiler.from_keras import from_config
    from ...compiler.importing.as_notebook import as_notebook
    from ...compiler.write_notebook import write_notebook
    from .keras_file import model_config
    from .weights_beside import pending
    from .weights_of_carried import weights_of_carried

    try:
        file = Path(path)
        if carried:
            return weights_of_carried(file, carried, Path(weights))
        imported = from_config(model_config(file), name)
    except (ConfigRefused, ImportRefused) as error:
        return {"refused": f"{Path(path).name} cannot be imported. {error}" if not _says(error, path) else str(error)}
    except OSError as error:
        return {"refused": f"{Path(path).name}: {error.strerror or error}"}
    except MemoryError:
        return {"refused": f"{Path(path).name} needs more memory than an import may take."}
    except RecursionError:
        return {"refused": f"{Path(path).name} is nested too deeply."}
    except Exception as error:
        what = " ".join(str(error).split())[:120]
        return {"refused": f"{Path(path).name} is no model that can be read: {type(error).__name__} ({what})."}
    answer: dict[str, Any] = {"weights": 0}
    cells = imported.cells
    if weights:
        kept = _kept(file, imported, Path(weights))
        if kept is not None:
            answer["weights"] = kept
            cells = (*cells[:-1], cells[-1].model_copy(update={"weights": pending(Path(weights))}))
    said = imported.report.lines()
    notebook = as_notebook(replace(imported, cells=cells), cells[-1].name, said)
    return {"text": write_notebook(notebook), "report": imported.report.to_json(), "said": said, **answer}


def _kept(file: Path, imported: Any, weights: Path) -> int | None:
    """How many layers have their weights in the file `weights` now; None where there are none to keep."""
    from ..safe_hdf5 import UnreadableWeights
    from .model_weights import has_weights, keep_weights

    if not has_weights(file):
        return None
    try:
        kept = keep_weights(file, imported.layers, weights)
    except (UnreadableWeights, OSError, MemoryError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = error if isinstance(error, UnreadableWeights) else "they are damaged"
        imported.report.note(f"Its weights were left out: {why}.")
        kept = []
    if not kept:
        weights.unlink(missing_ok=True)
    return len(set(kept)) or None


def _says(error: Exception, path: str) -> bool:
    """Whether a message names its file already."""
    return Path(path).name in str(error)


def in_fresh_process(path: Path, name: str = "", weights: Path | None = None, carried: str = "") -> dict[str, Any]:
    """The same as `read_keras_file`, from a process that is started for it. Raises ImportRefused."""
    with tempfile.TemporaryDirectory() as folder:
        answer, text = Path(folder, "answer.json"), Path(folder, "carried.weft")
        text.write_text(carried, encoding="utf-8", newline="")
        kept = str(weights.absolute()) if weights else ""
        command = [sys.executable, "-m", __name__, str(path.absolute()), name, kept, str(text), str(answer)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            raise ImportRefused(f"{path.name} took longer than {TIME_LIMIT_S} s to read.") from None
        if not answer.is_file():
            raise ImportRefused(f"{path.name} ended the process that read it (code {done.returncode}).")
        return told(json.loads(answer.read_text(encoding="utf-8")))


def by_host(host: Host, path: Path, weights: Path | None, carried: str = "") -> dict[str, Any]:
    """The same from a process that the host forks, which has Keras already. Raises ImportRefused."""
    from ..host import TaskFailed

    kept = str(weights.absolute()) if weights else ""
    arguments = {"path": str(path.absolute()), "weights": kept, "carried": carried}
    try:
        return told(host.call(TASK, arguments, timeout=TIME_LIMIT_S, memory=MEMORY_BYTES))
    except TaskFailed as error:
        raise ImportRefused(f"{path.name} could not be read: {error}") from error


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, where it is none that refuses. Raises ImportRefused."""
    if "refused" in answer:
        raise ImportRefused(answer["refused"])
    return answer


def _main(path: str, name: str, weights: str, carried: str, answer: str) -> None:
    from ..quiet_tensorflow import quiet_tensorflow
    from ..tasks import _limit_memory

    quiet_tensorflow()
    import keras  # noqa: F401  (its memory is not the file's)

    _limit_memory(MEMORY_BYTES)
    text = Path(carried).read_text(encoding="utf-8")
    Path(answer).write_text(json.dumps(read_keras_file(path, name, weights, text)), encoding="utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
