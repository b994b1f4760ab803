import errno

import keras
import numpy as np
import pytest

from weftwork.runtime import checkpoints as checkpoints_module
from weftwork.runtime.checkpoints import Checkpoints, NotFinite, Position, all_variables

from .small_models import make

pytestmark = pytest.mark.keras


@pytest.fixture
def model():
    return make("dense")[0]


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(tmp_path / "checkpoints")


def names(checkpoints):
    return sorted(path.name for path in checkpoints.folder.iterdir() if path.is_dir())


def test_every_variable_comes_back(model, checkpoints):
    before = [np.array(variable.value) for variable in all_variables(model)]
    paths = [variable.path for variable in all_variables(model)]
    assert any("seed" in path for path in paths)
    assert any("moving_mean" in path for path in paths)
    assert any("momentum" in path for path in paths)
    assert any("iteration" in path for path in paths)
    assert any("accuracy" in path or "loss" in path for path in paths)
    checkpoints.save(model, Position(7, 1, 2), [])
    for variable in all_variables(model):
        variable.assign(keras.ops.ones_like(variable.value))
    latest = checkpoints.latest()
    checkpoints.restore(model, latest)
    assert latest.position == Position(7, 1, 2)
    for variable, value in zip(all_variables(model), before, strict=True):
        np.testing.assert_array_equal(np.array(variable.value), value)


def test_half_precision_weights_come_back(checkpoints):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, dtype="bfloat16")])
    model.layers[0].kernel.assign(np.arange(6).reshape(3, 2) / 3)
    model.compile(optimizer="sgd", loss="mse")
    before = np.array(model.layers[0].kernel.value).copy()
    checkpoints.save(model, Position(1), [])
    model.layers[0].kernel.assign(np.zeros((3, 2)))
    checkpoints.restore(model, checkpoints.latest())
    np.testing.assert_array_equal(np.array(model.layers[0].kernel.value), before)


def test_last_two_the_best_and_the_pinned_are_kept(model, checkpoints):
    for step in range(1, 7):
        checkpoints.save(model, Position(step), [])
        if step == 2:
            checkpoints.mark_best(Position(step), 0.5)
        if step == 3:
            (checkpoints.folder / "step-0000000003" / "pinned").touch()
    assert names(checkpoints) == [f"step-000000000{step}" for step in (2, 3, 5, 6)]
    assert checkpoints.best() == ("step-0000000002", 0.5)


def test_full_disk_leaves_the_earlier_checkpoint_and_nothing_else(model, checkpoints, monkeypatch):
    checkpoints.save(model, Position(1), [])

    def full(file, **arrays):
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoints_module.np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(model, Position(2), [])
    assert names(checkpoints) == ["step-0000000001"]
    assert checkpoints.latest().position == Position(1)


def test_broken_checkpoint_gives_way_to_the_one_before(model, checkpoints):
    checkpoints.save(model, Position(1), [])
    broken = checkpoints.save(model, Position(2), [])
    (broken / "variables.npz").write_bytes(b"PK\x03\x04 torn")
    assert checkpoints.latest().position == Position(1)


def test_weight_that_is_no_number_is_not_kept(model, checkpoints):
    model.trainable_weights[0].assign(np.full(model.trainable_weights[0].shape, np.nan))
    with pytest.raises(NotFinite, match="dense"):
        checkpoints.save(model, Position(1), [])
    assert checkpoints.latest() is None


def test_checkpoint_of_another_network_is_refused(model, checkpoints):
    checkpoints.save(model, Position(1), [])
    with pytest.raises(ValueError, match="another network"):
        checkpoints.restore(make("two outputs")[0], checkpoints.latest())
