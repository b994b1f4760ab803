"""Which process is meant by a pid, now that pids are used again after a process ends."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path


def process_start(pid: int) -> str | None:
    """A mark that no other process with this pid has, or None where no process with it runs.

    A process that has ended and was not yet waited for counts as ended.
    """
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_bytes()
        except OSError:
            return None
        # The second field is the program's name in brackets and may itself hold brackets and spaces.
        fields = stat.rpartition(b")")[2].split()
        if fields[0] in (b"Z", b"X"):
            return None
        return f"{_boot_id()}/{fields[19].decode()}"
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return f"{process.create_time():.1f}"
    except psutil.Error:
        return None


def this_process() -> tuple[int, str]:
    """Pid and start mark of the process that asks."""
    pid = os.getpid()
    return pid, process_start(pid) or ""


def is_running(pid: int, started: str) -> bool:
    """True while the very process that was seen as (pid, started) runs."""
    return pid > 0 and process_start(pid) == started


@lru_cache(maxsize=1)
def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
