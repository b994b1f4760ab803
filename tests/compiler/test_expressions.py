"""Arguments that are calculated. Python's own arithmetic is the oracle."""

from __future__ import annotations

import random

import pytest

from weftwork.compiler.nesting.expressions import ExpressionFault, evaluate, expression, names_in, substituted

VALUES = {"filters": 16, "depth": 3, "rate": 0.5, "activation": "relu", "shape": [3, 3]}


@pytest.mark.parametrize(
    "text",
    [
        *("filters * 2", "filters // 3 + 1", "-(depth - 7) % 4", "min(filters, 2 ** depth)", "max(1, depth - 5, 2)"),
        *("rate / 2", "filters ** 0.5", "+depth", "activation", "shape", "(filters)"),
    ],
)
def test_expression_has_the_value_that_python_gives_it(text: str) -> None:
    assert evaluate(text, VALUES) == eval(text, {"min": min, "max": max}, dict(VALUES))


@pytest.mark.parametrize("seed", range(20))
def test_random_expression_has_the_value_that_python_gives_it(seed: int) -> None:
    numbers = random.Random(seed)

    def grow(depth: int) -> str:
        if depth == 0 or numbers.random() < 0.2:
            return numbers.choice(["filters", "depth", str(numbers.randint(1, 20))])
        sign = numbers.choice(["+", "-", "*", "//", "%"])
        return f"({grow(depth - 1)} {sign} {grow(depth - 1)})"

    text = grow(4)
    try:
        expected = eval(text, {}, dict(VALUES))
    except ZeroDivisionError:
        with pytest.raises(ExpressionFault):
            evaluate(text, VALUES)
    else:
        assert evaluate(text, VALUES) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("__import__('os')", "filters.real", "shape[0]", "lambda: 1", "[1, 2]", "open('x')", "filters if 1 else 2"),
        *("filters and 1", "'a' * 3", "activation * 2", "min(filters)", "min(filters, key=1)", "True + 1", "1 +", ""),
        *("unknown * 2", "9 ** 9 ** 9", "2 ** 65", "10 ** 15 * 10", "1 / 0", "1e308 * 10", "(-8) ** 0.5", "1" * 201),
        "(" * 150 + "1" + ")" * 150,
    ],
)
def test_what_is_no_arithmetic_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(ExpressionFault):
        evaluate(text, VALUES)


def test_names_are_those_of_parameters() -> None:
    assert names_in({"a": [expression("min(filters, depth) * 2")], "b": 1}) == {"filters", "depth"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"filters": 8}, 16),
        ({"filters": expression("width")}, expression("width * 2")),
        ({"filters": expression("width + 1")}, expression("(width + 1) * 2")),
    ],
)
def test_a_name_is_replaced_by_its_value_or_its_expression(given: dict, expected: object) -> None:
    assert substituted(expression("filters * 2"), given) == expected
