"""`weftwork doctor`: what this machine has, what is wrong, how to mend it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
import typer

from .inspecting import Json
from .output import print_json

_PACKAGES = ("tensorflow", "keras", "panel", "bokeh", "networkx", "pydantic", "numpy", "pandas", "ruff")
_GALLERY = ("scikit-learn", "mlxtend", "statsmodels")
_FREE_GB = 1.0  # a run with its checkpoints takes some hundred MB
_MEMORY_GB = 2.0  # TensorFlow alone takes half a GB in each process


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `state` is ok, warning or error; `remedy` says what to do."""

    name: str
    state: str
    value: str
    remedy: str = ""


def doctor(as_json: Json = False) -> None:
    """Look at Python, packages, memory, disk, running servers and devices; say what is wrong and how to mend it."""
    findings = [finding for look in LOOKS for finding in look()]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = {"ok": "✓", "warning": "!", "error": "✗"}[finding.state]
            print(f"{mark} {finding.name:<14} {finding.value}")
            if finding.remedy:
                print(f"  {finding.remedy}")
    raise typer.Exit(1 if any(finding.state == "error" for finding in findings) else 0)


def _python() -> list[Finding]:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return [Finding("Python", "ok", f"{version} on {platform.system()} {platform.machine()}")]
    return [
        Finding("Python", "error", version, "Install Python 3.11, 3.12 or 3.13: TensorFlow has no wheel for others.")
    ]


def _packages() -> list[Finding]:
    findings = []
    for names, remedy, state in (
        (_PACKAGES, "Install Weftwork again: pip install --upgrade weftwork", "error"),
        (_GALLERY, "The gallery's data come with: pip install 'weftwork[gallery]'", "warning"),
    ):
        for name in names:
            try:
                findings.append(Finding(name, "ok", importlib.metadata.version(name)))
            except importlib.metadata.PackageNotFoundError:
                findings.append(Finding(name, state, "not installed", remedy))
    both = [name for name in ("tensorflow", "tensorflow-cpu") if _installed(name)]
    if len(both) == 2:
        remedy = "Keep one: pip uninstall tensorflow-cpu, then pip install --force-reinstall tensorflow"
        findings.append(Finding("TensorFlow", "error", "installed twice, as tensorflow and tensorflow-cpu", remedy))
    return findings


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _machine() -> list[Finding]:
    memory = psutil.virtual_memory()
    free = memory.available / 2**30
    findings = [
        Finding("Processors", "ok", f"{psutil.cpu_count()}"),
        Finding(
            "Memory",
            "ok" if free >= _MEMORY_GB else "warning",
            f"{free:.1f} of {memory.total / 2**30:.1f} GB free",
            "" if free >= _MEMORY_GB else "Close other programs: TensorFlow needs half a GB in each process.",
        ),
    ]
    for name, folder in (("Folder", Path.cwd()), ("Temporary", Path(tempfile.gettempdir()))):
        space = shutil.disk_usage(folder).free / 2**30
        writable = os.access(folder, os.W_OK)
        state = "ok" if writable and space >= _FREE_GB else "error" if not writable else "warning"
        remedy = (
            "" if state == "ok" else "Runs and notebooks are written here: free some space, or choose another folder."
        )
        findings.append(
            Finding(name, state, f"{folder}, {space:.1f} GB free{'' if writable else ', read-only'}", remedy)
        )
    return findings


def _devices() -> list[Finding]:
    from ...runtime.quiet_tensorflow import quiet_tensorflow

    quiet_tensorflow()
    try:
        import tensorflow as tf
    except ImportError as error:
        return [Finding("Devices", "error", f"TensorFlow cannot be imported: {error}", "Install it again.")]
    devices = [device.name.removeprefix("/physical_device:") for device in tf.config.list_physical_devices()]
    return [Finding("Devices", "ok", ", ".join(devices))]


def _parts() -> list[Finding]:
    """What the status chip of a running editor says, of the servers and runs of this folder."""
    from ..parts import parts_elsewhere

    states = {"up": "ok", "starting": "warning", "gone": "warning"}
    return [
        Finding(part.name, states[part.state], " ".join(filter(None, (part.state, part.why))), part.remedy)
        for part in parts_elsewhere(Path.cwd())
    ]


LOOKS: tuple[Callable[[], list[Finding]], ...] = (_python, _packages, _machine, _parts, _devices)
