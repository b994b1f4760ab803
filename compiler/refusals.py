"""From what Keras raises to one sentence for the person who draws. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WRAPPER = re.compile(r"^Exception encountered when calling [^\n]*\n+")
_DUMP = re.compile(r"\n\s*(Arguments received by|config=|Call arguments received|Call context)", re.DOTALL)
_NODE = re.compile(r"\{\{node [^}]*\}\}|\[Op:[^\]]*\]|__wrapped__\w+__device_\S+")
_TENSOR = re.compile(r"<KerasTensor shape=(\([^)]*\)), dtype=(\w+)[^>]*>(?: of type KerasTensor)?")
_INFERENCE = re.compile(r"^Could not automatically infer the output shape.*?Error encountered:\s*", re.DOTALL)
_OPERATION = re.compile(r"for ' ?= ?\w+\[.*?\]\(.*?\)' with input shapes")
_PYTHON = re.compile(r"<class '(?:[\w.]+\.)?(\w+)'>")

# Raised where Keras has not checked its arguments: the text speaks of its code, not of the drawing.
_SLIP = re.compile(
    r"object is not|has no attribute|has no len|unsupported operand|not supported between|argument must be a string"
    r"|cannot be interpreted as|not enough values|too many values|cannot unpack|out of range|division by zero",
    re.IGNORECASE,
)

# What Keras says most often, in the words of the drawing.
_REWORDED = (
    (
        re.compile(
            r"Input (\d+)(?: with name '[^']*')? of layer ['\"][^'\"]*['\"] is incompatible with the layer: (.*)"
        ),
        lambda found: _input(int(found[1]), found[2]),
    ),
    (re.compile(r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'.*"), r"\1 has no argument \2."),
    (re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'"), r"\1 has no argument \2."),
    (re.compile(r"(\w+)\(\) got an unexpected keyword argument '(\w+)'"), r"\1 has no argument \2."),
    (
        re.compile(r"(\w+)(?:\.__init__)?\(\) missing \d+ required positional arguments?: (.*)"),
        lambda found: f"{found[1]} needs {found[2].replace(chr(39), '')}.",
    ),
    (
        re.compile(r"Shapes used to initialize variables must be fully-defined.*Received: shape=(\(.*?\)).*"),
        r"The size of its weights \1 depends on an axis of unknown size.",
    ),
    (re.compile(r"(?:tuple|list) index out of range"), "The input has too few axes."),
)


def one_sentence(raised: BaseException | str) -> str:
    """The reason alone: no wrapper, no dump of arguments, no colours, on one line."""
    text = _COLOUR.sub("", str(raised)).strip()
    while _WRAPPER.match(text):
        text = _WRAPPER.sub("", text, count=1).strip()
    text = _INFERENCE.sub("", text)
    text = _DUMP.split(text, maxsplit=1)[0]
    text = text.strip().split("\n\n", maxsplit=1)[0]
    begins_with_name = text.startswith("`")
    text = _TENSOR.sub(r"\1 \2", _PYTHON.sub(r"\1", _OPERATION.sub("for the shapes", _NODE.sub("", text)))).replace(
        "`", ""
    )
    text = re.sub(r"\s+", " ", text).strip()
    for pattern, words in _REWORDED:
        found = pattern.fullmatch(text)
        if found:
            text = words(found) if callable(words) else found.expand(words)
            break
    else:
        if _SLIP.search(text) or not text:
            text = f"Keras fails with these arguments ({type(raised).__name__}: {text})"
    if not begins_with_name and "_" not in text.split(maxsplit=1)[0]:
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def blamed_parameter(raised: BaseException | str, names: Iterable[str]) -> str:
    """Which of the arguments a message is about, first those in quotes or with a value; or ""."""
    text = str(raised)
    emphasised, mentioned = {}, {}
    for name in names:
        word = re.escape(name)
        if found := re.search(rf"[`'\"]{word}\b|\b{word} ?=(?!=)", text):
            emphasised[name] = found.start()
        elif found := re.search(rf"\b{word}\b", text):
            mentioned[name] = found.start()
    where = emphasised or mentioned
    return min(where, key=where.__getitem__, default="")


def _input(index: int, rest: str) -> str:
    which = "The input" if index == 0 else f"Input {index + 1}"
    found = re.fullmatch(r"expected (min_ndim|max_ndim|ndim)=(\d+), found ndim=(\d+)\. Full shape received: (.*)", rest)
    if found:
        bound = {"min_ndim": "at least ", "max_ndim": "at most ", "ndim": ""}[found[1]]
        return f"{which} must have {bound}{found[2]} axes (batch included), and has {found[3]}: {found[4]}."
    found = re.fullmatch(
        r"expected axis (-?\d+) of input shape to have value (.*?), but received input with shape (.*)", rest
    )
    if found:
        return f"Axis {found[1]} of the input must have length {found[2]}; its shape is {found[3]}."
    return f"{which} does not fit: {rest}"
