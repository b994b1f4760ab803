"""The package list of pyproject.toml is complete, and what it ships is what stands in the folders."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("editor", "compiler", "runtime", "gallery", "assets")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_package_list_names_every_package_on_disk():
    on_disk = {
        "weftwork." + ".".join(path.parent.relative_to(ROOT).parts)
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("__init__.py")
        if "node_modules" not in path.parts
    }
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == on_disk


def test_every_file_that_is_no_python_is_shipped():
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]
    for folder in ("gallery", "assets"):
        shipped = {path for pattern in patterns[f"weftwork.{folder}"] for path in (ROOT / folder).glob(pattern)}
        data = {
            path
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc", ".md") and "__pycache__" not in path.parts
        }
        assert data <= shipped


def test_tensorflow_is_one_dependency_name():
    names = [
        requirement
        for requirement in PYPROJECT["project"]["dependencies"]
        if requirement.replace("_", "-").startswith("tensorflow")
    ]
    assert len(names) == 1
    assert not names[0].startswith("tensorflow-cpu")


def test_files_that_are_begun_first_are_there() -> None:
    from tests.conftest import LONGEST

    assert [file for file in LONGEST if not (ROOT / file).is_file()] == []
