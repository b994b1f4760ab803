"""Constants of preparation as a person would write them; Keras computes with the very same float32. Pure."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

# Beyond that a person writes a decimal number.
_LARGEST_DIVISOR = 65_536
_LINE = 84
# So many numbers still fit into the line that uses them.
_MOST_IN_LINE = 6
_LIST = re.compile(r"(\w+)=\[([^\[\]\"']+)\]")


def number_text(value: float) -> str:
    """The shortest text that is the same number in float32: `14.195094`, `1 / 255`."""
    single = np.float32(value)
    if not np.isfinite(single) or single == 0:
        return repr(float(value))
    divisor = round(1 / float(value))
    if 2 < divisor <= _LARGEST_DIVISOR and np.float32(1 / divisor) == single and len(str(single)) > 6:
        return f"1 / {divisor}"
    return repr(float(str(single)))


def constant_text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(number_text, value))}]"
    return number_text(value) if isinstance(value, float) else repr(value)


def lists_apart(statement: str) -> list[str]:
    """A statement, and before it the long lists of numbers that it names, each as a variable of the argument's name; a
    formatter would give each number a line."""
    before = []

    def take(match: re.Match[str]) -> str:
        numbers = match[2].split(", ")
        if len(numbers) <= _MOST_IN_LINE:
            return match[0]
        before.extend(_written_list(match[1], numbers))
        return f"{match[1]}={match[1]}"

    statement = _LIST.sub(take, statement)
    return [*before, statement]


def _written_list(name: str, numbers: list[str]) -> list[str]:
    lines, line = [f"{name} = ["], ""
    for number in numbers:
        if len(line) + len(number) + 2 > _LINE - 8:
            lines.append(f"    {line.rstrip()}")
            line = ""
        line += f"{number}, "
    return [*lines, f"    {line.rstrip()}", "]  # fmt: skip"]
