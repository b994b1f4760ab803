"""`python -m tests.bench [NAME …]`: every benchmark in a process of its own, one table at the end."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

from .figures import Figure, table

NAMES = ("training", "first_batch", "shapes", "gallery")


def main() -> None:
    names = sys.argv[1:] or NAMES
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}", flush=True)
    figures = []
    for name in names:
        # A fresh process each: what one imports and leaves behind does not slow the next.
        command = [sys.executable, "-c", f"from tests.bench import {name} as bench; bench.main()"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        lines = [line for line in done.stdout.splitlines() if line.startswith('{"what"')]
        if done.returncode:
            sys.exit(f"{name} failed with exit code {done.returncode}")
        figures += [Figure(**json.loads(line)) for line in lines]
        print(f"{name}: {len(lines)} figures", flush=True)
    print(table(figures))


if __name__ == "__main__":
    main()
