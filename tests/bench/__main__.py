"""`python -m tests.bench [NAME …] [--rounds N]`: each benchmark in a process of its own, one table at the end."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys

from .figures import Figure, table

NAMES = (
    "training",
    "health",
    "readers",
    "first_batch",
    "live",
    "shapes",
    "nested",
    "editing",
    "gallery",
    "memory",
    "scaling",
    "canvas",
    "export",
    "importing",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rounds", type=int, help="fewer for a trial, more for certainty")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}", flush=True)
    figures = []
    for name in chosen.names or NAMES:
        found = _figures(name, f"rounds={chosen.rounds}" if chosen.rounds else "")
        figures += found
        print(f"\n{name}\n{table(found)}\n", flush=True)
    print(table(figures))


def _figures(name: str, arguments: str) -> list[Figure]:
    # A fresh process each: what one imports and leaves behind does not slow the next.
    command = [sys.executable, "-c", f"from tests.bench import {name} as bench; bench.main({arguments})"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed with exit code {done.returncode}")
    return [Figure(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith('{"what"')]


if __name__ == "__main__":
    main()
