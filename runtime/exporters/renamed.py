"""Python text with other variable names: for code that stands more than once in a Jupyter notebook. Pure."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping


def renamed(source: str, names: Mapping[str, str]) -> str:
    """The source in which variables and functions go by other names; attributes, keyword arguments and texts stay."""
    if not any(old != new for old, new in names.items()):
        return source
    lines = source.splitlines(keepends=True)
    for token in reversed(_names(source)):
        if token.string in names:
            row, (start, end) = token.start[0] - 1, (token.start[1], token.end[1])
            lines[row] = lines[row][:start] + names[token.string] + lines[row][end:]
    return "".join(lines)


def _names(source: str) -> list[tokenize.TokenInfo]:
    """The tokens that are names of variables."""
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in (tokenize.NL, tokenize.COMMENT)
    ]
    depth, found = 0, []
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        attribute = before is not None and before.string == "."
        argument = depth > 0 and after is not None and after.string == "="
        if token.type == tokenize.NAME and not attribute and not argument:
            found.append(token)
    return found


def functions_of(source: str) -> dict[str, str]:
    """The text of each function that a source defines, by name, in its order."""
    lines = source.splitlines()
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) + "\n"
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
