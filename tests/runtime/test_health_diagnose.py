"""Words about layers, from numbers alone."""

import numpy as np
import pytest

from weftwork.runtime.health.diagnose import DEAD, LOOKS, diagnose
from weftwork.runtime.health.health_file import Health, LayerSeries

SOUND = {"gradient": 0.5, "weight": 4.0, "update": 0.004, "dead": np.nan}


def health(*layers: dict, looks: int = LOOKS) -> Health:
    """Layers from the input to the loss; a number holds for every look, a list gives each one's."""
    names = [f"conv{number}" for number in range(1, len(layers) + 1)]

    def series(name: str, given: dict) -> LayerSeries:
        values = {**SOUND, **given}
        return LayerSeries(name, name, *(np.broadcast_to(np.asarray(values[q], float), looks) for q in SOUND))

    return Health(np.arange(looks, dtype=float), [series(*pair) for pair in zip(names, layers, strict=True)])


def words(*layers: dict, **more) -> list[str]:
    looks = more.pop("looks", LOOKS)
    return [trouble.words for trouble in diagnose(health(*layers, looks=looks), **more)]


def test_a_sound_network_is_met_with_silence():
    assert words({}, {}, {"dead": 0.2}) == []


def test_vanishing_gradients_are_told_with_the_layers_between_which_they_vanish():
    said = words({"gradient": 2e-7}, {"gradient": 3e-3}, {"gradient": 0.2}, {"gradient": 1.0})
    assert said == ["Gradients vanish between conv3 and conv1: 10^7 times smaller there, so conv1 hardly learns."]


def test_exploding_gradients_are_told_with_the_layers_between_which_they_grow():
    said = words({"gradient": 5e4}, {"gradient": 40.0}, {"gradient": 1.0})
    assert said == ["Gradients explode between conv3 and conv1: 1,250 times larger there."]


def test_gradients_that_were_sound_before_are_told_to_explode():
    said = words({"gradient": [1.0] * 12 + [1e5] * 4}, {"gradient": [1.0] * 12 + [1e5] * 4}, looks=16)
    assert said == ["The gradients of conv1 explode: 10^5 times larger than before."]


def test_large_gradients_alone_are_no_explosion():
    """Targets in the hundred thousands give such gradients in sound networks."""
    assert words({"gradient": 4e5}, {"gradient": 3e5}) == []


def test_weights_that_jump_are_told():
    assert words({}, {"update": 2.0}) == [
        "Each step changes the weights of conv2 by 50%: the learning rate is too high."
    ]


def test_weights_that_do_not_move_are_told_unless_the_rate_is_meant_to_be_small():
    still = {"update": 4e-6}
    assert words({}, still) == ["The weights of conv2 hardly move: 1e-06 of their size in a step."]
    assert words({}, still, rate_falls=True) == []


def test_dead_units_are_told_with_their_share():
    assert words({"dead": 0.75}, {"dead": DEAD - 0.01}) == [
        "75% of the units of conv1 are dead: they are zero for every row."
    ]


@pytest.mark.parametrize("looks", [1, LOOKS - 1])
def test_too_few_looks_raise_no_alarm(looks):
    assert words({"dead": 1.0}, {"update": 4.0}, looks=looks) == []


def test_one_odd_look_raises_no_alarm():
    assert words({"dead": [1.0, 0.2, 1.0, 1.0]}, {"update": [4.0, 4.0, 0.001, 4.0]}) == []


def test_layers_without_weights_are_left_out():
    nothing = {"gradient": np.nan, "weight": np.nan, "update": np.nan, "dead": 0.1}
    assert words(nothing, {}, nothing) == []


def test_weights_that_are_all_zero_have_no_ratio():
    assert words({"weight": 0.0, "update": 0.1}) == []
