"""How each cell's output stands to the cell as it is now: fresh, stale and why, or not there. Derived, never stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..compiler.cell_graph import by_name, with_what_they_use
from ..compiler.document import CodeCell, EvaluationCell, ExportCell, NetworkCell, Notebook, TrainingCell
from ..compiler.keys import cell_keys, network_key_in
from ..compiler.run_plan import run_order
from ..compiler.what_changed import what_changed
from .kept_outputs import KeptOutput, KeptOutputs
from .run_directory import RunDirectory, list_runs
from .trained_runs import is_fresh, made_from, runs_of, trained_run, why_stale


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is "" for a cell that puts nothing out. `run` is the trained run that the cell speaks of; `outputs` are
    what is shown, an export's by format. `why` says what has changed, in sentences without their full stop."""

    state: Literal["fresh", "stale", "missing", ""] = ""
    why: tuple[str, ...] = ()
    run: RunDirectory | None = None
    outputs: dict[str, KeptOutput] = field(default_factory=dict)

    @property
    def wanted(self) -> bool:
        """Whether running the cell would give something new."""
        return self.state in ("stale", "missing")


NOTHING = Standing()


@dataclass(frozen=True)
class Surroundings:
    """Where a notebook is at home: `file` is its name in the folder; `fingerprints` go by data cell."""

    folder: Path
    file: str
    outputs: KeptOutputs
    fingerprints: Mapping[str, str] = field(default_factory=dict)

    def runs(self) -> list[RunDirectory]:
        """The notebook's runs, newest first."""
        return [run for run in list_runs(self.folder) if run.info().get("notebook") == self.file]


def standings(notebook: Notebook, around: Surroundings) -> dict[str, Standing]:
    """The standing of every cell that can be run, by name."""
    runs = around.runs()
    cells = by_name(notebook)
    found: dict[str, Standing] = {}
    keys = cell_keys(notebook, around.fingerprints) if any(cell.kind == "code" for cell in notebook.cells) else {}
    for name in run_order(notebook):
        cell = cells[name]
        match cell:
            case CodeCell():
                found[name] = _of_code(notebook, cell, around, keys.get(name, ""), runs)
            case TrainingCell():
                found[name] = _of_training(notebook, cell, around, runs)
            case EvaluationCell():
                found[name] = _of_evaluation(notebook, cell, around, found)
            case ExportCell():
                found[name] = _of_export(notebook, cell, around, runs, found)
    return found


def evaluation_key(cell: EvaluationCell, run: RunDirectory) -> str:
    """The key of an evaluation's output: its options, and the run that it looks at."""
    return _key("evaluation", cell.options, run.id)


def code_key(notebook: Notebook, cell: CodeCell, around: Surroundings) -> str:
    """The key of what a code cell puts out: its code and all that it uses, trained networks by their runs."""
    key = cell_keys(notebook, around.fingerprints).get(cell.name, "")
    return _code_key(notebook, cell, around, key, around.runs())


def runs_used(notebook: Notebook, cell: CodeCell, around: Surroundings) -> dict[str, RunDirectory]:
    """The trained run of each training cell that code uses, straight or by way of other code."""
    return _runs_used(notebook, cell, around, around.runs())


def export_key(notebook: Notebook, cell: ExportCell, to: str, around: Surroundings) -> str:
    """The key of an export's output: the format, the run whose weights it takes, and all that the script says."""
    return _export_key(notebook, cell, to, around, around.runs())


def _of_training(notebook: Notebook, cell: TrainingCell, around: Surroundings, runs: list[RunDirectory]) -> Standing:
    mine = runs_of(around.folder, around.file, cell, runs)
    run = trained_run(mine, notebook, cell, around.fingerprints)
    if run is None:
        return Standing("missing", ("not trained yet",))
    if is_fresh(run, notebook, cell, around.fingerprints):
        whole = run.state() == "finished" or any(
            other.state() == "finished" and is_fresh(other, notebook, cell, around.fingerprints) for other in mine
        )
        return Standing("fresh", run=run) if whole else Standing("stale", ("the run was stopped before its end",), run)
    return Standing("stale", _or_unknown(why_stale(run, notebook, cell, cell.name, around.fingerprints)), run)


def _of_code(notebook: Notebook, cell: CodeCell, around: Surroundings, key: str, runs: list[RunDirectory]) -> Standing:
    if not cell.code.strip():
        return NOTHING
    output = around.outputs.get(_code_key(notebook, cell, around, key, runs))
    if output is not None:
        return Standing("fresh", outputs={"": output})
    last = around.outputs.latest(cell.id, around.file)
    if last is None:
        return Standing("missing", ("not run yet",))
    why = what_changed(
        last.made_of, notebook, cell.name, fingerprints_before=last.fingerprints, fingerprints=around.fingerprints
    )
    return Standing("stale", tuple(why) or ("what it uses ran again",), outputs={"": last})


def _code_key(notebook: Notebook, cell: CodeCell, around: Surroundings, key: str, runs: list[RunDirectory]) -> str:
    used = _runs_used(notebook, cell, around, runs)
    return _key("code", key, {name: run.id for name, run in used.items()})


def _runs_used(
    notebook: Notebook, cell: CodeCell, around: Surroundings, runs: list[RunDirectory]
) -> dict[str, RunDirectory]:
    cells, found = by_name(notebook), {}
    for name in with_what_they_use(notebook, cell.name):
        training = cells[name]
        if isinstance(training, TrainingCell):
            mine = runs_of(around.folder, around.file, training, runs)
            run = trained_run(mine, notebook, training, around.fingerprints)
            if run is not None:
                found[name] = run
    return found


def _of_evaluation(
    notebook: Notebook, cell: EvaluationCell, around: Surroundings, found: Mapping[str, Standing]
) -> Standing:
    training = found.get(cell.training, NOTHING)
    run = training.run
    if run is None:
        return Standing("missing", (f"training cell {cell.training} has not run yet",))
    output = around.outputs.get(evaluation_key(cell, run))
    if output is not None:
        of_run = _reasons_of_run(notebook, cell.training, run, around)
        return Standing("stale" if of_run else "fresh", of_run, run, {"": output})
    last = around.outputs.latest(cell.id, around.file)
    if last is None:
        return Standing("missing", ("not evaluated yet",), run)
    newer = last.content.get("run") != run.id
    why = f"training cell {cell.training} ran again" if newer else f"options of {cell.name} changed"
    return Standing("stale", (why,), run, {"": last})


def _of_export(
    notebook: Notebook,
    cell: ExportCell,
    around: Surroundings,
    runs: list[RunDirectory],
    found: Mapping[str, Standing],
) -> Standing:
    """An export cell puts out the formats that its options ask for, and those that it was asked for before."""
    run = found.get(cell.training, NOTHING).run
    kept = {}
    for output in reversed(around.outputs.of_cell(cell.id, around.file)):
        if Path(str(output.content.get("path", ""))).exists():
            kept[str(output.content.get("format", ""))] = output
    asked = [to for to in cell.options.get("formats", ()) if isinstance(to, str)]
    formats = list(dict.fromkeys([*asked, *kept]))
    why: list[str] = []
    for to in formats:
        # The latest export to a file has written over the earlier ones.
        if to in kept and kept[to].key == _export_key(notebook, cell, to, around, runs):
            continue
        if to in kept:
            why += _reasons_of_export(kept[to], notebook, cell, around)
    missing = [to for to in asked if to not in kept]
    if why:
        return Standing("stale", tuple(dict.fromkeys(why)), run, kept)
    if missing:
        return Standing("missing", (f"not exported as {', '.join(missing)} yet",), run, kept)
    return Standing("fresh" if kept else "", (), run, kept)


def _reasons_of_run(notebook: Notebook, training: str, run: RunDirectory, around: Surroundings) -> tuple[str, ...]:
    cell = by_name(notebook)[training]
    assert isinstance(cell, TrainingCell)
    if is_fresh(run, notebook, cell, around.fingerprints):
        return ()
    return _or_unknown(why_stale(run, notebook, cell, training, around.fingerprints))


def _reasons_of_export(
    output: KeptOutput, notebook: Notebook, cell: ExportCell, around: Surroundings
) -> tuple[str, ...]:
    changed = what_changed(
        output.made_of,
        notebook,
        cell.name,
        fingerprints_before=output.fingerprints,
        fingerprints=around.fingerprints,
    )
    return tuple(changed) or (f"training cell {cell.training} ran again",)


def _or_unknown(reasons: list[str]) -> tuple[str, ...]:
    return tuple(reasons) or ("this version makes something else of the same settings",)


def _export_key(notebook: Notebook, cell: ExportCell, to: str, around: Surroundings, runs: list[RunDirectory]) -> str:
    run = _exported_run(notebook, cell, runs)
    return _key("export", to, run.id if run else "", cell_keys(notebook).get(cell.name, ""))


def _exported_run(notebook: Notebook, cell: ExportCell, runs: list[RunDirectory]) -> RunDirectory | None:
    """The run whose weights an export takes: the latest finished one of this very network."""
    cells = by_name(notebook)
    training = cells.get(cell.training)
    network = cells.get(training.network) if isinstance(training, TrainingCell) else None
    if not isinstance(network, NetworkCell):
        return None
    key = network_key_in(notebook, network)
    return next((run for run in runs if run.info().get("network_key") == key and run.state() == "finished"), None)


def _key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def made_of_run(run: RunDirectory) -> Notebook:
    """The notebook that a run was made of, empty where it cannot be read."""
    made = made_from(run)
    return made.notebook if made else Notebook()
