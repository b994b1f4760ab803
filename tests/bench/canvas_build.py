"""The canvas' build script, which is run and not imported elsewhere: where its sources are, and its Node."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PATH = Path(__file__).parents[2] / "editor" / "canvas" / "build.py"
_spec = importlib.util.spec_from_file_location("canvas_build_script", _PATH)
assert _spec is not None
assert _spec.loader is not None
_build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_build)

HERE: Path = _build.HERE
node_commands = _build.node_commands
