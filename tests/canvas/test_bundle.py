"""The canvas that is shipped is the canvas that is in the sources."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CANVAS = ROOT / "editor" / "canvas"
ASSETS = ROOT / "assets"


def sources_hash() -> str:
    """As build.mjs computes it: names and contents of everything that the bundle is made of."""
    files = [path for path in (CANVAS / "src").rglob("*") if path.is_file()]
    files += [CANVAS / name for name in ("build.mjs", "package.json", "package-lock.json")]
    digest = hashlib.sha256()
    for name in sorted(path.relative_to(CANVAS).as_posix() for path in files):
        digest.update(f"{name}\0".encode() + (CANVAS / name).read_bytes() + b"\0")
    return digest.hexdigest()


@pytest.mark.parametrize("name", ["canvas.bundle.js", "canvas.css"])
def test_bundle_is_made_of_the_present_sources(name):
    first_line = (ASSETS / name).read_text(encoding="utf-8").splitlines()[0]

    assert sources_hash() in first_line, "run `make canvas`"


def test_bundle_exports_what_panel_expects():
    text = (ASSETS / "canvas.bundle.js").read_text(encoding="utf-8")
    exported = re.search(r"([\w$]+)=\{Canvas:\{render:[\w$]+\},React:[\w$]+,createRoot:", text)

    assert exported, "Panel looks for Canvas, React and createRoot in the default export"
    assert re.search(rf"export\{{{re.escape(exported[1])} as default\}};?\s*$", text)


def test_bundle_fits_its_budget():
    assert (ASSETS / "canvas.bundle.js").stat().st_size < 450_000


def test_lock_names_versions_and_hashes_but_no_addresses():
    lock = json.loads((CANVAS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


def test_dependencies_are_pinned_and_react_is_the_one_that_panel_asks_for():
    from panel.custom import ReactComponent

    package = json.loads((CANVAS / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    assert versions["react"] == versions["react-dom"] == ReactComponent._react_version


def test_style_sheet_names_no_colour():
    text = (ASSETS / "canvas.css").read_text(encoding="utf-8")

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", text.split("\n", 1)[1]) == []


def test_canvas_is_loaded_from_our_own_server_in_development_mode_too(monkeypatch):
    import panel as pn

    from weftwork.editor.canvas_view import BUNDLE, Canvas

    monkeypatch.setattr(pn.config, "autoreload", True)

    assert Canvas._esm_path(compiled=False) == BUNDLE
    assert Canvas._bundle_path == BUNDLE
    assert Canvas._process_importmap() == {"imports": {}, "scopes": {}}
