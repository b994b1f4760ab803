"""Imports go one way: compiler knows nobody, runtime and gallery know the compiler, the editor knows all."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "assets": set(),
    "compiler": set(),
    "runtime": {"compiler"},
    "gallery": {"compiler"},
    "editor": {"compiler", "runtime", "gallery"},
}
# The only modules of the compiler that may import Keras; the runtime's run in child processes.
KERAS_IN_COMPILER = {
    "build_object.py",
    "keras_catalogue.py",
    "kept_inside.py",
    "from_keras.py",
    "make_catalogue.py",
    "make_curves.py",
    "shapes.py",
    "stand_in_layer.py",
    "nested_models.py",
    "operations.py",
    "symbolic_call.py",
    "to_keras.py",
}
SOURCES = sorted(
    path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
)


def imported(path: Path) -> list[tuple[int, str, bool]]:
    """(line, dotted name from the repository's root or of a package, at module level) of each import."""
    tree = ast.parse(path.read_text())
    package = path.relative_to(ROOT).parent.parts
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name, id(node) in top) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            stem = list(package[: len(package) - node.level + 1]) if node.level else []
            prefix = "/" if node.level else ""
            name = prefix + ".".join([*stem, *(node.module or "").split(".")]).strip(".")
            found.append((node.lineno, name, id(node) in top))
            found += [(node.lineno, f"{name}.{alias.name}", id(node) in top) for alias in node.names if prefix]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_direction(path: Path):
    folder = path.relative_to(ROOT).parts[0]
    for line, name, at_top in imported(path):
        first = name.lstrip("/").split(".")[0]
        where = f"{path.relative_to(ROOT)}:{line} imports {name}"
        if name.startswith("/"):
            target = name[1:].split(".")[0]
            if target in MAY_IMPORT and target != folder:
                assert target in MAY_IMPORT[folder], where
        else:
            assert first not in MAY_IMPORT, f"{where}: relative imports only, else there are two copies"
            assert first != "weftwork" or folder == "assets", f"{where}: relative imports inside the package"
        if folder == "compiler" and first in ("keras", "tensorflow"):
            assert path.name in KERAS_IN_COMPILER or path.name.startswith("introspect"), where
        if folder == "editor" and at_top:
            assert first not in ("keras", "tensorflow"), f"{where}: the server never imports it"
        if folder != "editor":
            assert first not in ("panel", "bokeh", "tornado", "param"), f"{where}: only the editor knows a browser"
