"""`weftwork train FILE --workers … --index I`: every machine runs this with its own copy of the notebook."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...compiler.device_options import MULTI_WORKER, Placement
from ...compiler.document import Notebook, TrainingCell
from ...compiler.keys import cell_keys
from ..inspect_notebook import describe_data
from ..quiet_tensorflow import quiet_tensorflow
from ..run_directory import RunDirectory, RunRefused, create_run, fail_unstarted, requeue
from ..run_result import find_run, run_result
from .asked import check_asked
from .cluster import Cluster
from .gather import PATIENCE_S, Missing, gather
from .standby import ended_if_lost
from .wire import Gone, call

Progress = Callable[[dict[str, Any]], None]


def train_together(
    path: Path,
    cell: str | None,
    cluster: Cluster,
    *,
    options: Mapping[str, Any],
    resume: str | None = None,
    progress: Progress | None = None,
    patience_s: float = PATIENCE_S,
) -> dict[str, Any]:
    """Trains as one of the cluster; the chief gives what every training gives. `options` hold for this run; the chief's
    count. Raises OSError, NotebookProblems, NotFound, RunRefused."""
    quiet_tensorflow()
    placed = {"strategy": MULTI_WORKER, "machines": len(cluster.workers)}
    notebook, training = check_asked(path, cell, placed)
    if resume is not None and not cluster.is_chief:
        raise RunRefused("The chief alone resumes a run; the other workers begin as they did before.")
    if cluster.is_chief:
        return _lead(path, notebook, training, cluster, {**options, **placed}, resume, progress, patience_s)
    return _join(path, notebook, training, cluster, patience_s)


def notebook_key(notebook: Notebook, cell: TrainingCell, folder: Path) -> str:
    """Equal for notebooks that train the same on the same data. Needs no TensorFlow, which must not run yet."""
    data, _ = describe_data(notebook, folder)
    fingerprints = {name: description.fingerprint for name, description in data.items()}
    return cell_keys(notebook, fingerprints).get(cell.name, "")


def versions() -> dict[str, str]:
    """What must be the same everywhere."""
    from importlib.metadata import version

    return {name: version(name) for name in ("tensorflow", "keras")}


def _lead(
    path: Path,
    notebook: Notebook,
    training: TrainingCell,
    cluster: Cluster,
    options: dict[str, Any],
    resume: str | None,
    progress: Progress | None,
    patience_s: float,
) -> dict[str, Any]:
    run = _begun(path, notebook, training, options, resume)
    used = run.notebook()
    cell = used.cell(training.name)
    assert isinstance(cell, TrainingCell)
    key = notebook_key(used, cell, path.parent)

    def say(message: str) -> None:
        print(message, file=sys.stderr, flush=True)

    try:
        lead = gather(cluster, key, versions(), say, patience_s)
    except Missing as error:
        fail_unstarted(run, str(error))
        raise RunRefused(str(error)) from error
    again = f", the chief with --resume {run.id}" if resume else ""
    early = f", before the training began. Start all workers again{again}."
    lead.lost = _ending(run, early)
    lead.watch()
    from ..train_here import train_here
    from .team import Team, join

    lead.tell("welcome")
    lead.wait_until_ready()
    lead.tell("go")
    wires = {wire: f"{name} was lost{early}" for wire, name in lead.wires().items()}
    join(Team(cluster, _strategy(cluster, wires, run.path), lead))
    train_here(run, progress)
    return run_result(run)


def _ending(run: RunDirectory, early: str) -> Callable[[str], None]:
    """What ends this process when a worker is lost before the run has begun."""

    def end(sentence: str) -> None:
        fail_unstarted(run, sentence + early)
        print(sentence + early, file=sys.stderr, flush=True)
        os._exit(1)

    return end


def _begun(
    path: Path, notebook: Notebook, training: TrainingCell, options: dict[str, Any], resume: str | None
) -> RunDirectory:
    if resume is not None:
        run = find_run(path.parent, resume)
        requeue(run)
        return run
    # Looking at layers would take steps that the other machines know nothing of.
    options = {**options, "health": False}
    return create_run(path.parent, notebook, training.name, notebook_name=path.name, options=options)


def _join(
    path: Path, notebook: Notebook, training: TrainingCell, cluster: Cluster, patience_s: float
) -> dict[str, Any]:
    key = notebook_key(notebook, training, path.parent)
    try:
        wire = call(cluster.address(0), patience_s)
        hello = {"index": cluster.index, "workers": list(cluster.workers), "versions": versions(), "key": key}
        wire.send("hello", **hello)
        answer, _ = wire.receive()
    except Gone:
        raise RunRefused(f"The chief at {cluster.workers[0]} did not answer.") from None
    if answer["do"] == "refused":
        raise RunRefused(f"The chief refused this worker: {answer['reason']}")
    wire.beat()
    from .follow import CHIEF_GONE, follow, listen
    from .team import Team, join

    messages = listen(wire)
    wire.send("ready")
    while messages.get()[0]["do"] != "go":
        pass
    team = Team(cluster, _strategy(cluster, {wire.fileno(): CHIEF_GONE}))
    join(team)
    result = follow(team, wire, messages, notebook, training, path.parent)
    return {**result, "worker": cluster.index, "directory": "", "seconds": 0.0, "metrics": {}}


def _strategy(cluster: Cluster, wires: Mapping[int, str], run: Path | None = None) -> Any:
    """TensorFlow's strategy, which waits for all machines."""
    from .strategies import make_strategy
    from .team import wait_until_noticed

    cluster.tell_tensorflow()
    try:
        with ended_if_lost(wires, run):
            return make_strategy(Placement(MULTI_WORKER, machines=len(cluster.workers)))
    except Exception:
        # TensorFlow may see a connection end before we do.
        wait_until_noticed()
        raise
