"""Batches cut for replicas: every row once, in order, whatever does not come out even."""

import numpy as np
import pytest

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(("rows", "sizes"), [(16, [6, 5, 5]), (3, [1, 1, 1]), (2, [1, 1, 0]), (1, [1, 0, 0])])
def test_pieces_of_a_batch_are_its_rows(rows: int, sizes: list[int]):
    import tensorflow as tf

    from weftwork.runtime.distribution.pieces import cut

    x = np.arange(rows * 2).reshape(rows, 2)
    batches = tf.data.Dataset.from_tensors(({"a": x}, x[:, 0]))
    pieces = list(cut(batches, 3, 0, 3))
    assert [len(y) for _, y in pieces] == sizes
    np.testing.assert_array_equal(np.concatenate([piece["a"] for piece, _ in pieces]), x)
    # Of three machines with one replica each, the second takes the second piece.
    (middle,) = cut(batches, 3, 1, 1)
    np.testing.assert_array_equal(middle[1], pieces[1][1])


def test_replicas_draw_other_numbers_and_the_first_those_of_one_device():
    import keras
    import tensorflow as tf

    from weftwork.runtime.distribution.seeds_apart import seeds_apart

    model = keras.Sequential([keras.Input((50,)), keras.layers.Dropout(0.5, seed=1)])
    ones = tf.ones((1, 50))
    before = model.layers[0].seed_generator.state.numpy()
    plain = model(ones, training=True).numpy()
    masks = []
    for replica in (0, 1, 2):
        model.layers[0].seed_generator.state.assign(before)
        with seeds_apart(model, replica):
            masks.append(model(ones, training=True).numpy())
        # What is kept in a checkpoint is the same for all.
        np.testing.assert_array_equal(model.layers[0].seed_generator.state.numpy(), [before[0], before[1] + 1])
    np.testing.assert_array_equal(masks[0], plain)
    assert len({mask.tobytes() for mask in masks}) == 3
