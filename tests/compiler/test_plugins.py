"""Kinds from another package, found by its entry point: tests/plugin stands for such a package."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler import pipeline, plugins
from weftwork.compiler.catalogue import catalogue, installed
from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, Wire

PLUGIN = Path(__file__).parent.parent / "plugin"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Puts a distribution with these entry points on the path, as an installer would."""

    def install(name: str, entry_points: dict[str, str], code: dict[str, str] | None = None) -> Path:
        site = tmp_path / name
        metadata = site / f"{name.replace('-', '_')}-0.1.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
        lines = [f"{key} = {value}" for key, value in entry_points.items()]
        (metadata / "entry_points.txt").write_text("\n".join([f"[{plugins.GROUP}]", *lines]))
        for file, text in (code or {}).items():
            (site / file).write_text(text)
        monkeypatch.syspath_prepend(str(site))
        forget()
        return site

    def forget() -> None:
        plugins.plugins.cache_clear()
        installed.cache_clear()

    yield install
    monkeypatch.undo()
    forget()


@pytest.fixture
def squeeze(install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
    site = install(project["name"], project["entry-points"][plugins.GROUP])
    monkeypatch.syspath_prepend(str(PLUGIN))
    return site


def drawn(ratio: int, channels: int = 8) -> Notebook:
    nodes = {
        "image": Node(kind="Input", params={"shape": [6, 6, channels]}, label="image"),
        "squeeze": Node(kind="SqueezeExcite", params={"ratio": ratio}, label="squeeze"),
        "result": Node(kind="Output", label="result"),
    }
    wires = {
        "w1": Wire(source=Source("image"), target=Target("squeeze")),
        "w2": Wire(source=Source("squeeze"), target=Target("result")),
    }
    return Notebook(cells=(NetworkCell(id="net_1", name="net", nodes=nodes, wires=wires),))


def test_plugin_kind_stands_in_the_catalogue(squeeze: Path) -> None:
    kind = catalogue().kinds["SqueezeExcite"]
    assert kind.keras == "weft_squeeze.layer.SqueezeExcite"
    assert plugins.problems() == ()


def test_plugin_is_found_without_importing_keras(squeeze: Path) -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(squeeze)!r}, {str(PLUGIN)!r}]\n"
        "from weftwork.compiler.catalogue import catalogue\n"
        "assert 'SqueezeExcite' in catalogue().kinds\n"
        "print(sorted({'keras', 'tensorflow'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_without_the_plugin_its_kind_is_unknown() -> None:
    plugins.plugins.cache_clear()
    installed.cache_clear()
    assert "SqueezeExcite" not in catalogue().kinds


@pytest.mark.keras
def test_plugin_kind_gets_shapes_and_parameters_from_its_class(squeeze: Path) -> None:
    from weftwork.compiler.shapes import KerasShapes

    checked = pipeline.check(drawn(ratio=4), oracle=KerasShapes())
    shapes = checked.shapes["net"]["squeeze"]
    assert checked.problems == ()
    assert shapes.outputs["output"].shape == (None, 6, 6, 8)
    assert shapes.parameters == (8 * 2 + 2) + (2 * 8 + 8)


@pytest.mark.keras
def test_check_of_a_plugin_speaks_at_its_parameter(squeeze: Path) -> None:
    from weftwork.compiler.shapes import KerasShapes

    (problem,) = pipeline.check(drawn(ratio=3), oracle=KerasShapes()).problems
    assert (problem.code, problem.severity) == ("P314", "warning")
    assert (problem.at.cell, problem.at.node, problem.at.parameter) == ("net", "squeeze", "ratio")
    assert problem.message == "A ratio of 3 does not divide 8 channels."


@pytest.mark.keras
def test_exported_python_imports_the_plugin_and_builds_the_same_model(squeeze: Path) -> None:
    from weftwork.compiler.shapes import KerasShapes
    from weftwork.compiler.to_keras import build_model
    from weftwork.compiler.to_python import model_source

    program = pipeline.check(drawn(ratio=4), oracle=KerasShapes()).programs["net"]
    source = model_source(program)
    assert "weft_squeeze" in source
    exported: dict = {}
    exec(source, exported)
    ours, theirs = build_model(program), exported["build_model"]()
    theirs.set_weights(ours.get_weights())
    images = np.random.default_rng(0).normal(size=(2, 6, 6, 8)).astype("float32")
    assert np.array_equal(ours(images), theirs(images))


def test_plugin_that_fails_to_import_is_a_warning(install: Callable[..., Path]) -> None:
    install("weft-broken", {"x": "weft_broken:kinds"}, {"weft_broken.py": "import nowhere_to_be_found"})
    (problem,) = plugins.problems()
    assert (problem.code, problem.severity) == ("P316", "warning")
    assert problem.message == (
        "Plug-in weft-broken cannot be loaded: ModuleNotFoundError: No module named 'nowhere_to_be_found'"
    )
    assert "Dense" in catalogue().kinds


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("kinds = 3", "expected a Kind, a PluginKind, a list of them or a function, found int"),
        ("def kinds(): raise OSError('the disk is gone')", "OSError: the disk is gone"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("def f(): yield 3\nkinds = [f]", "found generator"),
    ],
    ids=["number", "raises", "exits", "generator"],
)
def test_plugin_that_gives_nonsense_is_a_warning(install: Callable[..., Path], code: str, reason: str) -> None:
    name = "weft_odd_" + "".join(filter(str.isalpha, reason))
    install("weft-odd", {"x": f"{name}:kinds"}, {f"{name}.py": code})
    (problem,) = plugins.problems()
    assert reason in problem.message
    assert catalogue().kinds


def test_plugin_cannot_replace_a_kind_of_keras(install: Callable[..., Path]) -> None:
    code = (
        "from weftwork.compiler.catalogue_types import Kind\nDENSE = Kind('Dense', 'layer', 'Mine', 'weft_dense.Dense')"
    )
    install("weft-dense", {"x": "weft_dense:DENSE"}, {"weft_dense.py": code})
    assert catalogue().kinds["Dense"].keras == "keras.layers.Dense"
    (problem,) = plugins.problems()
    assert problem.message == "Plug-in weft-dense brings Dense, which exists already; that one is used."


def test_check_that_fails_is_a_warning_about_the_plugin(install: Callable[..., Path]) -> None:
    code = (
        "from weftwork.compiler.catalogue_types import Kind, Port\n"
        "from weftwork.compiler.plugins import PluginKind\n"
        "KIND = Kind('Odd', 'layer', 'Mine', 'keras.layers.Identity', inputs=(Port('inputs'),))\n"
        "ODD = PluginKind(KIND, lambda node, specs: 1 / 0)"
    )
    install("weft-check", {"x": "weft_check:ODD"}, {"weft_check.py": code})
    at = plugins.Location("net", "odd_1")
    (problem,) = plugins.run_check(Node(kind="Odd"), {}, at)
    assert (problem.code, problem.severity, problem.at) == ("P315", "warning", at)
    assert problem.message == "The check of Odd failed: ZeroDivisionError: division by zero"
