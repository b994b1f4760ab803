"""Plain sentences from docstrings."""

from __future__ import annotations

import pytest

from weftwork.compiler.introspect_docstring import argument_texts, first_sentence, plain_sentence

DOCSTRING = """Computes something. And more.

    Args:
        units: Positive integer, dimensionality of the output space. Further words.
        strides, dilation_rate: int or tuple of 2 integers. How far it moves
            at a time. More about it:
            - `1`: a step.
        `name`: (Optional) Name of it.
        alpha (float): The slope.

    Call arguments:
        mask: Which steps count.

    Example:
        other: no argument
    """


def test_arguments_of_all_sections_are_found() -> None:
    assert list(argument_texts(DOCSTRING)) == ["units", "strides", "dilation_rate", "name", "alpha", "mask"]


def test_lines_of_an_argument_are_joined() -> None:
    assert argument_texts(DOCSTRING)["strides"].startswith("int or tuple of 2 integers. How far it moves at a time.")


def test_first_sentence_of_a_docstring() -> None:
    assert first_sentence(DOCSTRING) == "Computes something."
    assert first_sentence("Args:\n    x: a tensor.") == ""
    assert first_sentence(None) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Positive integer, dimensionality of the output space. More.", "Dimensionality of the output space."),
        ("Optional float. Scale of the noise.", "Scale of the noise."),
        ("(Optional) Name of it.", "Name of it."),
        ("An integer specifying the number of bins.", "The number of bins."),
        ("If `True`, use a [bias](https://x.org/y).", "If True, use a bias."),
        ("Used e.g. for images. Not otherwise.", "Used e.g. for images."),
        ("Defaults to `0.5`.", ""),
        ("", ""),
    ],
)
def test_sentence_is_plain(text: str, sentence: str) -> None:
    assert plain_sentence(text) == sentence


def test_long_sentence_is_cut_between_words() -> None:
    sentence = plain_sentence("word " * 60)
    assert len(sentence) <= 160
    assert sentence.endswith("word …")
