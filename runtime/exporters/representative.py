"""Rows of the training part that show a converter which values arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np

from .refused import ExportRefused
from .subject import Subject

# Ranges of activations settle after about a hundred rows.
COUNT = 200


def training_rows(subject: Subject, model: keras.Model) -> Callable[[], Iterator[dict[str, np.ndarray]]]:
    """Batches of one row by the model's input names, drawn from the whole training part. Raises ExportRefused where
    there are no data."""
    if subject.dataset is None or subject.plan is None:
        raise ExportRefused("int8 needs training rows to take ranges from: give the network data in a training cell.")
    raw, prepared = subject.dataset.raw_train, subject.dataset.train
    names = {given.name: subject.plan.inputs[given.node] for given in subject.program.inputs}
    sources = {
        tensor.name: raw[tensor.name] if model is not subject.model else prepared[names[tensor.name]]
        for tensor in model.inputs
    }
    count = len(next(iter(sources.values())))
    chosen = np.sort(np.random.default_rng(0).permutation(count)[:COUNT])

    def rows() -> Iterator[dict[str, np.ndarray]]:
        for row in chosen:
            yield {
                tensor.name: np.asarray(sources[tensor.name][row : row + 1]).astype(tensor.dtype)
                for tensor in model.inputs
            }

    return rows
