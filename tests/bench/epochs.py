"""A training that is run one epoch at a time, so that several can take turns."""

from __future__ import annotations

import threading
from collections.abc import Callable

import keras


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
