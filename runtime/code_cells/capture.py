"""Takes what code writes, up to a bound: Python's own writing in its order, and what libraries and programs write."""

from __future__ import annotations

import io
import os
import sys
import threading
from typing import Any

# More than anybody reads in a cell, and little to keep.
LONGEST_TEXT = 50_000


class Outputs:
    """What a cell puts out, in order: {"type": "text", "text"} and whatever `show` is given."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._written = 0
        self.left_out = 0
        # While cells run that only prepare for the one that was asked for.
        self.muted = False

    def write(self, text: str) -> None:
        if self.muted:
            return
        room = LONGEST_TEXT - self._written
        if len(text) > room:
            self.left_out += len(text) - max(room, 0)
            text = text[: max(room, 0)]
        if not text:
            return
        self._written += len(text)
        if self.items and self.items[-1]["type"] == "text":
            self.items[-1]["text"] += text
        else:
            self.items.append({"type": "text", "text": text})

    def show(self, item: dict[str, Any]) -> None:
        if self.muted:
            return
        self.items.append(item)


class _Writer(io.TextIOBase):
    """Stands in the place of sys.stdout and sys.stderr."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(str(text))
        return len(text)


class captured:
    """Within it everything that this process and its programs write goes to `outputs`."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self._low = io.BytesIO()
        self._low_left_out = 0

    def __enter__(self) -> Outputs:
        self._before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = _Writer(self.outputs)  # type: ignore[assignment]
        reading, writing = os.pipe()
        self._kept = [os.dup(descriptor) for descriptor in (1, 2)]
        for descriptor in (1, 2):
            os.dup2(writing, descriptor)
        os.close(writing)
        self._thread = threading.Thread(target=self._drain, args=(reading,), daemon=True)
        self._thread.start()
        return self.outputs

    def __exit__(self, *_: object) -> None:
        for kept, descriptor in zip(self._kept, (1, 2), strict=True):
            os.dup2(kept, descriptor)
            os.close(kept)
        sys.stdout, sys.stderr = self._before
        # A program that was left running may hold the other end open.
        self._thread.join(1.0)
        self.outputs.write(self._low.getvalue().decode("utf-8", "replace"))
        self.outputs.left_out += self._low_left_out

    def _drain(self, reading: int) -> None:
        while chunk := os.read(reading, 65_536):
            room = LONGEST_TEXT - self._low.tell()
            self._low.write(chunk[: max(room, 0)])
            self._low_left_out += max(len(chunk) - max(room, 0), 0)
        os.close(reading)
