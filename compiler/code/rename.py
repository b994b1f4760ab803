"""Gives a name in code another one. Pure."""

from __future__ import annotations

import io
import re
import tokenize


def renamed(code: str, name: str, to: str) -> str:
    """The code with a name replaced wherever it stands for itself: not as an attribute, nor as an argument's name.

    The code must be readable."""
    spots = []
    depth, before = 0, ""
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type not in (tokenize.NL, tokenize.COMMENT)
    ]
    for index, token in enumerate(tokens):
        if token.string in ("(", "[", "{"):
            depth += 1
        elif token.string in (")", "]", "}"):
            depth -= 1
        after = tokens[index + 1].string if index + 1 < len(tokens) else ""
        argument = depth > 0 and after == "=" and before in ("(", ",")
        if token.type == tokenize.NAME and token.string == name and before != "." and not argument:
            spots.append(token.start)
        before = token.string
    lines = code.splitlines(keepends=True)
    for row, column in reversed(spots):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + re.sub(rf"^{re.escape(name)}", to, line[column:])
    return "".join(lines)
