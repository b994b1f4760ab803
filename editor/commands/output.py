"""How commands end and print: exit 0 fine, 1 problems found, 2 wrong options or paths that cannot be read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

from ...compiler.problems import Problem, has_errors, render


def print_json(value: Any) -> None:
    """One JSON document on standard output; what is not finite is null, as JSON has no name for it."""
    print(json.dumps(_finite(value), ensure_ascii=False, indent=1))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return value


def fail(message: str, *, as_json: bool) -> NoReturn:
    """Ends with exit code 2 and one line, or `{"error": …}`."""
    if as_json:
        print_json({"error": message})
    else:
        print(message, file=sys.stderr)
    raise typer.Exit(2)


def end_with_problems(problems: list[Problem], *, as_json: bool) -> NoReturn:
    """Prints the problems and ends with 1 where one is an error, else with 0."""
    if as_json:
        print_json([problem.to_json() for problem in problems])
    else:
        for problem in problems:
            print(render(problem))
        print("No problems." if not problems else _count(problems))
    raise typer.Exit(1 if has_errors(problems) else 0)


def _count(problems: list[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    others = len(problems) - errors
    return f"{errors} error{'s' * (errors != 1)}, {others} warning{'s' * (others != 1)}"


@contextmanager
def told_plainly(*, as_json: bool) -> Iterator[None]:
    """Turns what headless functions raise into exit codes and plain lines."""
    from ...runtime.exporters.refused import ExportRefused
    from ...runtime.inspect_notebook import NotebookProblems, NotFound
    from ...runtime.run_directory import RunRefused
    from ...runtime.run_result import RunNotFound

    try:
        yield
    except NotebookProblems as error:
        end_with_problems(error.problems, as_json=as_json)
    except (NotFound, RunNotFound) as error:
        fail(str(error), as_json=as_json)
    except (ExportRefused, RunRefused) as error:
        if as_json:
            print_json({"error": str(error)})
        else:
            print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        what = error.strerror or str(error)
        fail(f"{error.filename}: {what}" if error.filename else what, as_json=as_json)
