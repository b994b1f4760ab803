"""`weftwork train`, `weftwork run` and `weftwork runs`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .code_option import AllowCode, allow_file
from .inspecting import File, Json
from .output import fail, print_json, told_plainly

_BAR = 28  # characters


def train(
    file: File,
    cell: Annotated[str | None, typer.Option(help="The training cell, where there are several.")] = None,
    allow_code: AllowCode = False,
    epochs: Annotated[int | None, typer.Option(min=0, help="Instead of the cell's number of epochs.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this run, by its own snapshot.")] = None,
    fork: Annotated[
        str | None, typer.Option(metavar="RUN[@STEP]", help="Begin a new run at a checkpoint of this one.")
    ] = None,
    reproduce: Annotated[
        str | None, typer.Option(metavar="RUN", help="Repeat this run and say whether it came out bit for bit.")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(min=0.0, help="To go on with, together with --resume or --fork.")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option(help="one, mirrored, multi-worker, tpu or model-parallel, instead of the cell's own.")
    ] = None,
    replicas: Annotated[int | None, typer.Option(min=1, help="Devices that train together on this machine.")] = None,
    backend: Annotated[str | None, typer.Option(help="tensorflow or jax, instead of the cell's own.")] = None,
    workers: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT,…", help="Machines that train together; start the same on each of them."),
    ] = None,
    index: Annotated[int | None, typer.Option(min=0, help="Which of --workers this is; 0 is the chief.")] = None,
    as_json: Json = False,
) -> None:
    """Train a training cell, headless; Ctrl-C stops after the batch and keeps what was learnt."""
    from ...runtime.headless import train as train_file

    asked = {"strategy": strategy, "replicas": replicas, "backend": backend}
    if allow_code:
        allow_file(file)
    with told_plainly(as_json=as_json):
        result = train_file(
            file,
            cell,
            epochs=epochs,
            resume=resume,
            fork=fork,
            reproduce=reproduce,
            learning_rate=learning_rate,
            workers=workers,
            index=index,
            placement={name: value for name, value in asked.items() if value is not None},
            progress=None if as_json else progress_bar(),
        )
    if as_json:
        print_json(result)
    else:
        _print_result(result)
    raise typer.Exit(0 if result.get("matched", result["state"] in ("finished", "stopped")) else 1)


def run(file: File, allow_code: AllowCode = False, as_json: Json = False) -> None:
    """Run all stale cells of a notebook, in order, headless."""
    from ...runtime.headless import run as run_file

    if allow_code:
        allow_file(file)
    with told_plainly(as_json=as_json):
        results = run_file(file, progress=None if as_json else progress_bar())
    if as_json:
        print_json(results)
    else:
        for result in results:
            _print_result(result)
        if not results:
            print("Nothing to train: every training cell has a finished run with its present content.")
    raise typer.Exit(0 if all(result["state"] in ("finished", "stopped") for result in results) else 1)


def progress_bar() -> Any:
    """A callback for the events of a run that draws one line an epoch on standard error."""
    live = sys.stderr.isatty()

    def draw(event: dict[str, Any]) -> None:
        if event.get("event") == "progress" and live:
            done = float(event.get("fraction", 0.0))
            filled = round(done * _BAR)
            left = event.get("seconds_left")
            text = f"\r[{'█' * filled}{'·' * (_BAR - filled)}] {done:4.0%}"
            print(text + (f"  {left:.0f} s left " if left is not None else " "), end="", file=sys.stderr, flush=True)
        elif event.get("event") == "epoch":
            metrics = "  ".join(f"{name} {value:.4g}" for name, value in event.get("metrics", {}).items())
            start = "\r" if live else ""
            print(f"{start}epoch {event.get('epoch')}/{event.get('epochs')}  {metrics}", file=sys.stderr, flush=True)

    return draw


def _print_result(result: dict[str, Any]) -> None:
    metrics = "  ".join(f"{name} {value:.4g}" for name, value in result["metrics"].items())
    print(f"{result['run']}: {result['state']} after {result['steps']} steps, {result['seconds']:.1f} s  {metrics}")
    if result.get("message"):
        print(f"  {result['message']}")
    print(f"  {result['directory']}")
    if "matched" in result:
        print(_comparison(result))


def _comparison(result: dict[str, Any]) -> str:
    """Whether a repeated run came out the same, and what was not the same around it."""
    if result["matched"]:
        return f"It matches {result['reproduces']} bit for bit."
    lines = [f"It does not match {result['reproduces']}: the weights differ."]
    lines += [f"  {name} was {before}, is {now}" for name, (before, now) in result["differs"].items()]
    return "\n".join(lines)


runs = typer.Typer(help="List, show and compare runs.", no_args_is_help=True)
Where = Annotated[Path, typer.Argument(help="A notebook or a folder.")]


@runs.command("list")
def list_(where: Where = Path("."), as_json: Json = False) -> None:
    """The runs of a notebook or of a folder, newest first."""
    rows = _rows(where, as_json)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        metrics = "  ".join(f"{name} {value:.4g}" for name, value in row["metrics"].items())
        print(f"{row['run']}  {row['notebook']} › {row['cell']}  {row['state']}  {row['seconds']:.1f} s  {metrics}")
    if not rows:
        print("No runs here.")


@runs.command()
def show(run: str, where: Where = Path("."), as_json: Json = False) -> None:
    """Everything that a run records of itself."""
    with told_plainly(as_json=as_json):
        from ...runtime.run_result import find_run, run_result

        directory = find_run(_folder(where), run)
        content = {**directory.info(), **run_result(directory)}
    if as_json:
        print_json(content)
        return
    for key, value in content.items():
        print(f"{key:<24} {value}")


@runs.command()
def compare(first: str, second: str, where: Where = Path("."), as_json: Json = False) -> None:
    """What two runs differ in: settings, data, network, and the metrics they reached."""
    with told_plainly(as_json=as_json):
        from ...runtime.compare_runs import compare_runs
        from ...runtime.run_result import find_run

        folder = _folder(where)
        content = compare_runs(find_run(folder, first), find_run(folder, second))
    if as_json:
        print_json(content)
        return
    for name, (one, other) in {**content["metrics"], **content["settings"]}.items():
        print(f"{name:<28} {one!s:<24} {other!s:<24}")


def _folder(where: Path) -> Path:
    return where if where.is_dir() else where.parent


def _rows(where: Path, as_json: bool) -> list[dict[str, Any]]:
    if not where.exists():
        fail(f"{where}: No such file or directory", as_json=as_json)
    with told_plainly(as_json=as_json):
        from ...runtime.headless import runs as list_rows

        return list_rows(where)
    return []
