"""What a training process takes of this machine: memory and processor time, asked of the system."""

from __future__ import annotations

import platform
import time
from typing import Any

import psutil

# Once a second: nobody reads a changing number faster.
_LOOK_S = 1.0


class MachineUse:
    """`words` is empty where the process is gone or on another machine."""

    def __init__(self) -> None:
        self._process: psutil.Process | None = None
        self._last = 0.0
        self.words = ""

    def look(self, info: dict[str, Any], rate: float | None) -> bool:
        """Asks again, at most once a second, and gives whether the words are others; `info` is what run.json says,
        `rate` the rows per second."""
        now = time.monotonic()
        if now - self._last < _LOOK_S:
            return False
        self._last = now
        before, self.words = self.words, self._say(info, rate)
        return self.words != before

    def _say(self, info: dict[str, Any], rate: float | None) -> str:
        parts = [device_words(info)]
        if rate is not None:
            parts.append(f"{rate:,.0f} rows per second" if rate >= 10 else f"{rate:.2g} rows per second")
        if info.get("machine") == platform.node():
            try:
                pid = int(info.get("pid") or 0)
                if self._process is None or self._process.pid != pid:
                    self._process = psutil.Process(pid)
                with self._process.oneshot():
                    memory, processors = self._process.memory_info().rss, self._process.cpu_percent() / 100
                parts.append(f"{memory_text(memory)} memory")
                if processors >= 0.05:
                    parts.append(f"{processors:.1f} processors")
            except (psutil.Error, ValueError):
                self._process = None
        return " · ".join(part for part in parts if part)


def device_words(info: dict[str, Any]) -> str:
    """GPU 0; CPU with 2 threads."""
    device = str(info.get("device") or "")
    if "GPU" in device:
        return f"GPU {device.rsplit(':', 1)[-1]}"
    threads = info.get("intra_op_threads")
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}" if threads else device


def memory_text(size: float) -> str:
    """85 kB, 712 MB, 3.4 GB."""
    if size < 1e6:
        return f"{size / 1e3:.0f} kB"
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
