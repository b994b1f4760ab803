"""Small disks to fill, where the test may mount one."""

from __future__ import annotations

import subprocess
from pathlib import Path


def mount(*arguments: str) -> bool:
    """Whether that could be mounted."""
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def mount_small(folder: Path, kib: int) -> bool:
    """Puts a disk of that size at `folder`; whether that may be done here."""
    return mount("-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder))


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(path: Path) -> None:
    """Writes until there is no room. Raises OSError, as it must."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))
