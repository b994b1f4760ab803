"""Constants of preparation in a script: short, and the very same float32."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weftwork.runtime.data.written_numbers import lists_apart, number_text


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_what_is_written_is_the_same_float32(value):
    assert np.float32(eval(number_text(value))) == np.float32(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1 / 255, "1 / 255"), (0.1, "0.1"), (2.0, "2.0"), (0.0, "0.0"), (14.195094108581543, "14.195094"), (0.5, "0.5")],
)
def test_numbers_read_as_people_write_them(value, text):
    assert number_text(float(np.float32(value))) == text


def test_long_lists_of_numbers_stand_before_the_statement_and_short_ones_within():
    numbers = [index + 0.25 for index in range(40)]
    lines = lists_apart(f"x = Layer(axis=-1, mean={numbers!r}, pair=[1.0, 2.0], words=['a', 'b'])(x)")
    assert lines[-1] == "x = Layer(axis=-1, mean=mean, pair=[1.0, 2.0], words=['a', 'b'])(x)"
    assert lines[0] == "mean = ["
    assert lines[-2] == "]  # fmt: skip"
    assert max(map(len, lines)) <= 84
    assert ast.literal_eval("\n".join(lines[:-1]).removeprefix("mean = ")) == numbers
