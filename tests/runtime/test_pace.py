import pytest

from weftwork.runtime.pace import Pace


def settled(step_seconds, calls=20, most=1024):
    pace = Pace(most)
    pace.took(1, 12.0)
    for _ in range(calls):
        pace.took(pace.steps, pace.steps * step_seconds)
    return pace


def test_first_call_which_traces_is_no_measure():
    pace = Pace()
    pace.took(1, 12.0)
    assert pace.steps == 1
    pace.took(1, 0.001)
    assert pace.steps == 2


@pytest.mark.parametrize(("step_seconds", "steps"), [(0.001, 50), (0.004, 12), (0.3, 1)])
def test_call_fits_into_50_ms(step_seconds, steps):
    assert settled(step_seconds).steps == steps


def test_quick_steps_are_bounded():
    assert settled(1e-9).steps == 1024
    assert settled(1e-9, most=32).steps == 32


def test_one_slow_call_does_not_slow_the_next_ones():
    pace = settled(0.001)
    pace.took(pace.steps, 0.14)
    assert pace.steps == 50


def test_call_that_endangers_the_promise_is_halved_and_grows_again_with_the_next():
    pace = settled(0.001)
    pace.took(50, 0.4)
    assert pace.steps == 25
    pace.took(25, 0.025)
    assert pace.steps == 50


def test_two_calls_that_endanger_the_promise_are_believed():
    """50 times slower from one call to the next: two calls are too long, and none from then on."""
    pace, lengths = settled(0.001), []
    for _ in range(20):
        lengths.append(pace.steps * 0.05)
        pace.took(pace.steps, lengths[-1])
    assert lengths[:3] == [2.5, 1.25, 0.05]
    assert max(lengths[3:]) <= 0.2
    assert lengths[-1] == 0.05


def test_rest_of_an_epoch_is_no_measure_unless_it_is_slow():
    pace = settled(0.001)
    for _ in range(20):
        pace.took(3, 0.03)
    assert pace.steps == 50
    for _ in range(2):
        pace.took(3, 0.3)
    assert pace.steps == 1


def test_epochs_shorter_than_a_call_are_followed_too():
    pace = settled(0.001)
    for _ in range(7):
        pace.took(10, 0.1)
    assert pace.steps == 5
