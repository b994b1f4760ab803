from weftwork.runtime.pace import Pace


def settled(step_seconds, calls=20):
    pace = Pace()
    pace.took(1, 12.0)
    for _ in range(calls):
        pace.took(pace.steps, pace.steps * step_seconds)
    return pace.steps


def test_first_call_which_traces_is_no_measure():
    pace = Pace()
    pace.took(1, 12.0)
    assert pace.steps == 1
    pace.took(1, 0.001)
    assert pace.steps == 2


def test_call_fits_into_50_ms():
    assert settled(0.001) == 50
    assert settled(0.004) == 12


def test_slow_steps_are_taken_one_by_one():
    assert settled(0.3) == 1


def test_quick_steps_are_bounded():
    assert settled(1e-9) == 256


def test_pace_falls_at_once_when_steps_become_slow():
    pace = Pace()
    pace.took(1, 1.0)
    for _ in range(10):
        pace.took(pace.steps, pace.steps * 0.001)
    pace.took(pace.steps, pace.steps * 0.05)
    assert pace.steps == 1
