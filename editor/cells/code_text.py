"""Python as coloured lines with their numbers, for the page. Pure."""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize

from ..pages.markup import Html, h

_BUILTIN = frozenset(dir(builtins))
_STRINGS = {tokenize.STRING, *(getattr(tokenize, name) for name in dir(tokenize) if name.startswith("FSTRING_"))}


def coloured(code: str, marked: int = 0) -> Html:
    """The lines of the code; `marked` is the number of a line that is pointed out."""
    shown = [
        h(
            "div",
            h("span", str(number), class_="line-number", aria_hidden="true"),
            line,
            class_="line marked" if number == marked else "line",
        )
        for number, line in enumerate(coloured_lines(code), start=1)
    ]
    return h("div", shown, class_="code-lines")


def coloured_lines(code: str) -> list[Html]:
    """Each line as an element `code`."""
    spans = _spans(code)
    shown = []
    for number, line in enumerate(code.split("\n"), start=1):
        parts, at = [], 0
        for start, end, class_ in spans.get(number, ()):
            end = min(end, len(line))
            if start < at or end <= start:
                continue
            parts += [line[at:start], h("span", line[start:end], class_=class_)]
            at = end
        shown.append(h("code", *parts, line[at:] or " "))
    return shown


def _spans(code: str) -> dict[int, list[tuple[int, int, str]]]:
    """By line, where something has a colour: (start, end, class). Of code that cannot be read, as far as it can."""
    found: dict[int, list[tuple[int, int, str]]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            class_ = _class(token)
            if not class_:
                continue
            (first, start), (last, end) = token.start, token.end
            for number in range(first, last + 1):
                left = start if number == first else 0
                right = end if number == last else 1 << 20
                found.setdefault(number, []).append((left, right, class_))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _class(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.COMMENT:
        return "c-comment"
    if token.type in _STRINGS:
        return "c-text"
    if token.type == tokenize.NUMBER:
        return "c-number"
    if token.type == tokenize.NAME:
        if keyword.iskeyword(token.string):
            return "c-keyword"
        return "c-builtin" if token.string in _BUILTIN else ""
    return ""
