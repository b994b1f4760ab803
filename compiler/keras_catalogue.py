"""What the installed Keras offers, read without importing it.

`assets/catalogue.json` describes one version of Keras. Where another one is installed, a child process describes
that one, once, into the user's cache.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

import platformdirs

from .catalogue_json import from_json
from .catalogue_types import Catalogue

log = logging.getLogger(__name__)

# Keras takes three seconds to import here; a slow disk may take a minute.
_CHILD_TIMEOUT_S = 120


@cache
def keras_catalogue() -> Catalogue:
    """Every kind and registry of the installed Keras, without plug-ins; read once in a process.

    Never raises for want of Keras or of a cache: then the shipped catalogue stands in, and the log says why.
    """
    text = files("weftwork.assets").joinpath("catalogue.json").read_text(encoding="utf-8")
    shipped = from_json(json.loads(text))
    installed = installed_keras()
    if not installed or installed == shipped.keras_version:
        return shipped
    # Of another Weftwork, the overlay may say other things: its catalogue goes by another name.
    name = f"catalogue-{installed}-{sha256(text.encode()).hexdigest()[:12]}.json"
    return _other(installed, Path(platformdirs.user_cache_dir("weftwork")) / name) or shipped


def installed_keras() -> str:
    """The version of the installed Keras, or "" when there is none."""
    try:
        return version("keras")
    except PackageNotFoundError:
        return ""


def _other(keras_version: str, path: Path) -> Catalogue | None:
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        pass  # Not made yet, which is no mistake.
    except (ValueError, KeyError, TypeError):
        log.warning("%s is damaged and is made again", path)
    try:
        text = _generate()
        found = from_json(json.loads(text))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        log.warning("Keras %s cannot be described, so the shipped catalogue is used: %s", keras_version, error)
        return None
    _keep(path, text)
    return found


def _generate() -> str:
    with tempfile.TemporaryDirectory() as folder:
        # By a file, as libraries that Keras imports may print.
        path = Path(folder) / "catalogue.json"
        command = [sys.executable, "-m", "weftwork.compiler.make_catalogue", str(path)]
        subprocess.run(command, capture_output=True, timeout=_CHILD_TIMEOUT_S, check=True)
        return path.read_text(encoding="utf-8")


def _keep(path: Path, text: str) -> None:
    # A cache that cannot be written costs a few seconds at the next start and nothing else.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
        os.replace(file.name, path)
    except OSError as error:
        log.info("The catalogue is not kept in %s: %s", path.parent, error)
