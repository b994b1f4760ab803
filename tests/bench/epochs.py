"""A training that is run one epoch at a time, so that several can take turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import keras

from weftwork.runtime.training_loop import TrainingLoop


class EpochByEpoch(keras.callbacks.Callback):
    """Runs `train` in a thread of its own, with this as one of its callbacks; each call lets it do one more epoch.

    It is held at the end of an epoch, so what a training does between two epochs counts for the second.
    """

    def __init__(self, train: Callable[[keras.callbacks.Callback], object]) -> None:
        super().__init__()
        self._train = train
        self._turn, self._done = threading.Semaphore(0), threading.Semaphore(0)
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __call__(self) -> None:
        self._turn.release()
        self._done.acquire()
        if self._failed is not None:
            raise RuntimeError("a training of the benchmark failed") from self._failed

    def finish(self) -> None:
        """Lets the training come to its end after its last epoch."""
        self._turn.release()
        self._thread.join()

    def on_train_begin(self, logs=None) -> None:
        self._turn.acquire()

    def on_epoch_end(self, epoch, logs=None) -> None:
        self._done.release()
        self._turn.acquire()

    def _run(self) -> None:
        try:
            self._train(self)
        except BaseException as error:
            self._failed = error
        # Whoever waits for another epoch is told that there is none.
        self._done.release()


class Waits:
    """Tells a loop that the time in which another training had its turn was no time of this one: it would else make up
    for looks and checkpoints that it takes for missed. `before` and `after` stand around the turn."""

    def __init__(self) -> None:
        self.loop: TrainingLoop | None = None
        self._began = 0.0
        self.before = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self._begin())
        self.after = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self._end())

    def _begin(self) -> None:
        self._began = time.monotonic()

    def _end(self) -> None:
        if self.loop is not None:
            seconds = time.monotonic() - self._began
            self.loop.health.rested(seconds)
            self.loop.checkpoint_times.rested(seconds)
