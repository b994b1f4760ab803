"""Training on rows in files and on pictures changed by chance: the same batches as in memory, and after a resume."""

from __future__ import annotations

import numpy as np
import pytest

from weftwork.runtime.data.load import load

from .data_cells import data_cell, step, write_pictures, write_table
from .test_data_in_pieces import STEPS, rows

pytestmark = pytest.mark.keras


def batches_of(dataset, *, epoch=0, step=0, epochs=2, augment=None, batch_size=16):
    from weftwork.runtime.batches import Arrays, training_batches, validation_batches

    names = list(dataset.description.fields)
    arrays = Arrays(
        {name: dataset.train[name] for name in names[:-1]},
        dataset.train[names[-1]],
        {name: dataset.validation[name] for name in names[:-1]},
        dataset.validation[names[-1]],
        augment=augment,
    )
    training = training_batches(arrays, batch_size, 7, epoch=epoch, step=step, epochs=epochs)
    return [
        [*[part.numpy() for part in x.values()], y.numpy()]
        for batches in (training, validation_batches(arrays, batch_size))
        for x, y in batches
    ]


def assert_equal(left, right):
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_batches_from_files_are_those_from_memory(tmp_path):
    write_table(tmp_path, rows(300))
    cells = [
        data_cell("csv", "table.csv", options=options, preparation=STEPS, roles={"id": "ignore"})
        for options in ({}, {"stream": True})
    ]
    assert_equal(*(batches_of(load(cell, tmp_path), epoch=0, step=3) for cell in cells))


@pytest.fixture
def pictures(tmp_path):
    write_pictures(tmp_path, {"a": 30, "b": 30}, size=(10, 8), mode="RGB")
    steps = (step("rescale"), step("augment", flip="horizontal", rotate=0.1, shift=0.1, zoom=0.2))
    return load(data_cell("images", "pictures", preparation=steps), tmp_path)


def test_augmented_batches_differ_by_epoch_and_are_the_same_after_a_resume(pictures):
    from weftwork.runtime.augment import augmenting

    augment = augmenting(pictures.plan, {"image": "image"})
    whole = batches_of(pictures, augment=augment)
    plain = batches_of(pictures)
    assert_equal(whole, batches_of(pictures, augment=augment))
    assert_equal(whole[4:], batches_of(pictures, augment=augment, epoch=1, step=1)[0:])
    # Of each row one copy an epoch, and no two alike; validation rows are as they are.
    assert np.abs(whole[0][0] - plain[0][0]).mean() > 0.05
    assert_equal(whole[-1:], plain[-1:])
    np.testing.assert_array_equal(whole[0][-1], plain[0][-1])


def test_augmented_pictures_are_those_of_the_keras_layers(pictures):
    """A flip is one of two pictures; the layer of Keras gives no others."""
    from weftwork.runtime.augment import augmenting

    flipping = step("augment", flip="horizontal")
    fields = {"image": "image"}
    plan = {"image": pictures.plan["image"].__class__(pictures.plan["image"].field, (_only(pictures, flipping),))}
    augment = augmenting(plan, fields)
    import tensorflow as tf

    before = tf.constant(pictures.train["image"][:32])
    after = augment(before, tf.constant([1, 2, 3], tf.int64)).numpy()
    mirrored = before.numpy()[:, :, ::-1]
    turned = [np.array_equal(a, m) for a, m in zip(after, mirrored, strict=True)]
    kept = [np.array_equal(a, b) for a, b in zip(after, before.numpy(), strict=True)]
    assert all(t or k for t, k in zip(turned, kept, strict=True))
    assert 5 < sum(turned) < 27


def _only(pictures, flipping):
    from dataclasses import replace

    from weftwork.runtime.data.preparation_steps import fit_augment

    piece = pictures.plan["image"].pieces[0]
    return replace(piece, operations=(fit_augment(None, None, flipping),))
