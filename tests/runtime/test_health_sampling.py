"""Layers are looked at five times a second or at one step in ten, whichever is rarer, and seldomer where it is dear."""

from itertools import pairwise

import pytest

from weftwork.runtime.health.sampling import SHARE, Sampling


def looks(step_s: float, look_s: float, seconds: float = 60.0) -> tuple[list[int], float]:
    """The steps that are looked at in so many seconds of training, and the share of time that this takes."""
    sampling, now, step, seen = Sampling(), 0.0, 0, []
    while now < seconds:
        due = sampling.is_due(step, now)
        now, step = now + step_s, step + 1
        if due:
            now += look_s
            sampling.took(step, now, look_s)
            seen.append(step)
    return seen, sampling.cost(now)


def test_quick_steps_are_looked_at_five_times_a_second():
    seen, _ = looks(step_s=0.001, look_s=0.0005)
    assert len(seen) == pytest.approx(5 * 60, rel=0.02)


def test_slow_steps_are_looked_at_once_in_ten():
    seen, _ = looks(step_s=0.1, look_s=0.0005)
    assert {later - earlier for earlier, later in pairwise(seen)} == {10}


@pytest.mark.parametrize("look_s", [0.0005, 0.02, 0.5])
def test_looks_keep_to_their_share_of_the_time(look_s):
    seen, cost = looks(step_s=0.01, look_s=look_s)
    assert seen
    assert cost <= SHARE


def test_a_first_look_that_is_thought_dear_waits_until_it_is_a_small_share():
    sampling = Sampling(share=0.015, expected=0.1)
    due = next(second for second in range(60) if sampling.is_due(100 * second, float(second)))
    assert due == 7


def test_a_pause_is_no_time_in_which_looks_may_be_paid_for():
    sampling = Sampling()
    sampling.is_due(0, 0.0)
    sampling.took(10, 1.0, 1.0)
    sampling.rested(1000.0)
    assert not sampling.is_due(50, 1010.0)
    assert sampling.is_due(50, 1000.0 + 2 / SHARE)
