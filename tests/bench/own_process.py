"""A training in a process of its own, as a run has one, that is let do an epoch at a time."""

from __future__ import annotations

import subprocess
import sys

import keras


class OwnProcess:
    """Python code in a process of its own; each call lets it do one more epoch. Its training has a `Turns` among its
    callbacks."""

    def __init__(self, code: str) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True, bufsize=1)

    def __call__(self) -> None:
        self._say("another")
        if self._process.stdout is None or self._process.stdout.readline().strip() != "done":
            raise RuntimeError("a training of the benchmark failed")

    def finish(self) -> None:
        """Lets the training come to its end after its last epoch."""
        self._say("the last")
        if self._process.wait():
            raise RuntimeError("a training of the benchmark failed")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        print(word, file=self._process.stdin, flush=True)


class Turns(keras.callbacks.Callback):
    """In that process: waits before each epoch until it may be done."""

    def on_train_begin(self, logs=None) -> None:
        sys.stdin.readline()

    def on_epoch_end(self, epoch, logs=None) -> None:
        print("done", flush=True)
        sys.stdin.readline()
