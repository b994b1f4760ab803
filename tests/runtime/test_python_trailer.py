"""A notebook as the trailer of a script: it comes back to the letter, and changes to it or the code are noticed."""

from __future__ import annotations

import ast
import base64
import hashlib
import random
import zlib

import pytest

from weftwork.gallery.cards import cards
from weftwork.runtime.exporters.python_trailer import NotebookDamaged, notebook_in_python, split_trailer, with_trailer

CODE = 'import keras\n\n\ndef build_model():\n    """A model."""\n    return keras.Sequential()\n'
TEXT = '{\n "format": 1,\n "cells": []\n}\n'
NOTEBOOKS = {card.name: card.path.read_text(encoding="utf-8") for card in cards()}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_comes_back_to_the_letter(name):
    script = with_trailer(CODE, NOTEBOOKS[name])
    carried = notebook_in_python(script)
    assert carried is not None
    assert (carried.text, carried.changed) == (NOTEBOOKS[name], False)


def test_trailer_is_comments_of_bounded_width():
    script = with_trailer(CODE, NOTEBOOKS["digits"])
    assert script.startswith(CODE)
    lines = script.removeprefix(CODE).splitlines()
    assert all(line.startswith("# ") or not line for line in lines)
    assert max(map(len, lines)) <= 88
    assert ast.dump(ast.parse(script)) == ast.dump(ast.parse(CODE))


def test_a_script_is_shown_without_the_notebook_behind_it():
    script = with_trailer(CODE, NOTEBOOKS["digits"])
    code, rest = split_trailer(script)
    assert code.strip() == CODE.strip()
    assert code + rest == script
    assert split_trailer(CODE) == (CODE, "")


def test_lines_can_be_read_without_us():
    """By base64 and zlib alone, as the lines say."""
    script = with_trailer(CODE, NOTEBOOKS["digits"]).splitlines()
    begin = next(n for n, line in enumerate(script) if line.startswith("# weftwork notebook 1: "))
    packed = "".join(line.removeprefix("# ") for line in script[begin + 1 : -1])
    text = zlib.decompress(base64.b64decode(packed)).decode()
    assert text == NOTEBOOKS["digits"]
    assert hashlib.sha256(text.encode()).hexdigest().startswith(script[begin].split()[4])


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (lambda script: script.replace("Sequential", "Model"), True),
        (lambda script: script + "print(1)\n", True),
        (lambda script: script.replace("\n", "\r\n"), False),
        (lambda script: script.rstrip("\n"), False),
        (lambda script: script.replace("keras\n\n\n", "keras \n\n\n"), False),
    ],
    ids=["code changed", "code added below", "line ends of Windows", "no last line end", "blank at a line's end"],
)
def test_code_that_was_changed_is_told_from_the_notebook(edit, changed):
    carried = notebook_in_python(edit(with_trailer(CODE, TEXT)))
    assert carried is not None
    assert (carried.text, carried.changed) == (TEXT, changed)


def test_script_without_trailer_carries_nothing():
    assert notebook_in_python(CODE) is None
    assert notebook_in_python("") is None


def forged(content: bytes) -> str:
    return with_trailer(CODE, TEXT).replace(
        base64.b64encode(zlib.compress(TEXT.encode(), 9)).decode(), base64.b64encode(content).decode()
    )


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (with_trailer(CODE, TEXT).replace("# end of the notebook", ""), "breaks off"),
        (forged(b"no zlib"), "lines were changed"),
        (forged(zlib.compress(TEXT.encode())[:-9]), "breaks off"),
        (forged(zlib.compress(b"{}")), "checksum differs"),
        (forged(zlib.compress(b"\xff\xfe")), "lines were changed"),
        (forged(zlib.compress(bytes(200 * 2**20), 9)), "unpacks to more"),
        (with_trailer(CODE, TEXT).replace("\n# eN", "\n# é"), "lines were changed"),
    ],
    ids=["no end", "no zlib", "truncated", "another text", "no UTF-8", "bomb", "no base64"],
)
def test_damaged_trailer_is_refused_with_the_reason(script, words):
    with pytest.raises(NotebookDamaged, match=words):
        notebook_in_python(script)


@pytest.mark.parametrize("seed", range(20))
def test_mutated_script_gives_the_notebook_or_a_reason(seed):
    """Never another text, and never another exception."""
    chance = random.Random(seed)
    script = list(with_trailer(CODE, NOTEBOOKS["digits"]))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(script))
        script[place : place + chance.randint(0, 3)] = chance.choice(["", "\n", "#", "A", "=", "\0", "é", "# end"])
    try:
        carried = notebook_in_python("".join(script))
    except NotebookDamaged:
        return
    assert carried is None or carried.text == NOTEBOOKS["digits"]
