"""Sentences from a Keras docstring: what a class does, and what each of its arguments is."""

from __future__ import annotations

import inspect
import re

_SECTION = re.compile(r"^(Args|Arguments|Call arguments|Call Args):\s*$", re.IGNORECASE)
_ARGUMENT = re.compile(r"^ {2,8}`?(\*{0,2}\w+(?: ?, ?\w+)*)`?(?: \([^)]*\))?: ?(.*)$")
_LONGEST = 150

# "Optional float, ", "Integer or tuple of integers. ", "(Optional) String: ": the widget says that already.
_WORD = r"(?:ints?|integers?|floats?|bool|booleans?|strings?|str|tuples?|lists?|callable|array|None|numbers?)"
_JOIN = r"(?:\s*(?:/|,|or|of|a|an|single|positive|the|two|\d|\(length \d\))\s*)"
_TYPE_NOTE = re.compile(
    rf"^(?:\(?(?:optional|required)\)?[.:,]?\s+)?(?:(?:an?|single|optional|python|positive|non-negative)\s+)*"
    rf"{_WORD}(?:{_JOIN}+{_WORD})*(?:[,.:]\s+|\s+(?=(?:specifying|indicating|representing)\b))",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(r"^(?:\((?:optional|required)\)|(?:optional|required)[.:,])\s*", re.IGNORECASE)
_LEADING_VERB = re.compile(r"^(?:specifying|indicating|representing|specifies|represents)\s+", re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"^(?:defaults? to\b|(?:the )?default value is\b|unset by default)", re.IGNORECASE)
# A full stop ends a sentence when a capital follows, but not after "e.g." or "i.e.".
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<=[a-z0-9)\"'\]])\.(?=\s+[A-Z(\"]|\s*$)")


def first_sentence(text: str | None) -> str:
    """The first sentence of a text as plain words, without markup; "" when there is none."""
    paragraph = inspect.cleandoc(text or "").split("\n\n")[0]
    if re.match(r"^(Args|Example|```)", paragraph):
        return ""
    return plain_sentence(paragraph)


def argument_texts(text: str | None) -> dict[str, str]:
    """Each argument that the docstring's sections of arguments describe, with its whole description."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    indent = -1
    inside = False
    for line in inspect.cleandoc(text or "").splitlines():
        if _SECTION.match(line):
            inside, indent, names = True, -1, []
        elif inside and line and not line.startswith(" "):
            inside = False
        elif inside and line.strip():
            depth = len(line) - len(line.lstrip())
            match = _ARGUMENT.match(line)
            if match and (indent < 0 or depth <= indent):
                indent = depth
                names = [name.strip().lstrip("*") for name in match[1].split(",")]
                for name in names:
                    found.setdefault(name, []).append(match[2])
            else:
                for name in names:
                    found[name].append(line.strip())
    return {name: " ".join(lines).strip() for name, lines in found.items()}


def plain_sentence(text: str) -> str:
    """The first sentence of `text`, stripped of Markdown, code fences and type notes in front."""
    text = re.sub(r"```.*?(```|$)", " ", text, flags=re.DOTALL)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\s+", " ", text.replace("`", "").replace("**", "")).strip()
    text = _LEADING_VERB.sub("", _TYPE_NOTE.sub("", _OPTIONAL.sub("", text)))
    if _SAYS_NOTHING.match(text):
        return ""
    sentence = _SENTENCE_END.split(text)[0].strip(" .:")
    if len(sentence) > _LONGEST:
        sentence = sentence[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:(") + " …"
        return sentence[0].upper() + sentence[1:]
    return sentence[0].upper() + sentence[1:] + "." if sentence else ""
