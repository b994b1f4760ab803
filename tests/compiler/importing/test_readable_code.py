"""Lambdas in files: their source where their bytes prove it; nothing of them is made a function."""

import base64
import marshal
import random

import pytest

from weftwork.compiler.importing.readable_code import code_in, code_text, exact_source

SOURCES = (
    "lambda t: t * 2",
    "lambda x: tf.expand_dims(x, -1)",
    "lambda x: x[:, 1:5:2, ..., None]",
    "lambda x: K.sqrt(K.sum(K.square(x), axis=1, keepdims=True))",
    "lambda x: tf.image.resize(x, (4, 4), method='bilinear')",
    "lambda x: -x + (1 - x) ** (-1.5)",
    "lambda x: tf.cast(x > 0.5, tf.float32)",
    "lambda a: [a, a[0] @ a[1]]",
    "lambda x: x[..., 0]",
)


def _compiled(source):
    return marshal.dumps(next(value for value in compile(source, "a", "eval").co_consts if hasattr(value, "co_code")))


@pytest.mark.parametrize("source", SOURCES)
def test_source_of_a_lambda_is_read_from_its_bytes(source):
    assert code_text(_compiled(source), []) == source


def test_defaults_stand_with_their_arguments():
    assert code_text(_compiled("lambda x, n: ops.reshape(x, (-1, n))"), [3]) == "lambda x, n=3: ops.reshape(x, (-1, n))"


def test_a_condition_is_shown_by_its_instructions():
    said = code_text(_compiled("lambda x: x.shape if x else 0"), [])

    assert "A function of x" in said
    assert "It names shape" in said
    assert "RETURN_VALUE" in said


# `lambda x, n=2: K.reshape(x, (-1, n))`, as these versions of Python wrote it.
OLD = {
    "3.6": "4wIAAAAAAAAAAgAAAAQAAABDAAAAcxAAAAB0AGoBfABkAnwBZgKDAlMAKQNO6QEAAADp/////ykC2gFL2gdyZXNoYXBl"
    "KQLaAXjaAW6pAHIHAAAA2gg8c3RyaW5nPtoIPGxhbWJkYT4DAAAAcwAAAAA=",
    "3.10": "4wIAAAAAAAAAAAAAAAIAAAAFAAAAQwAAAHMQAAAAdACgAXwAZAF8AWYCoQJTACkCTun/////KQLaAUvaB3Jlc2hhcGUp"
    "AtoBeNoBbqkAcgYAAADaCDxzdHJpbmc+2gg8bGFtYmRhPgMAAABzAgAAABAA",
}


@pytest.mark.parametrize("version", OLD)
def test_code_of_an_older_python_tells_what_it_names(version):
    config = {"function": [OLD[version], [2], None], "function_type": "lambda"}

    said = code_in(config)

    assert "A function of x, n" in said
    assert "It names K, reshape" in said
    assert exact_source(config) == ""


def test_bytes_that_are_no_code_are_told_in_a_line():
    assert code_in({"function": {"class_name": "__lambda__", "config": {"code": "Y29kZQ=="}}}).startswith("# It cannot")


def test_mutated_code_is_read_or_not_without_a_traceback():
    whole, chance = _compiled(SOURCES[3]), random.Random(0)
    for _ in range(1000):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert isinstance(code_text(bytes(content), []), str)


def test_code_that_would_run_when_it_is_made_does_not(tmp_path):
    mark = tmp_path / "ran"
    source = f"lambda x: __import__('pathlib').Path({str(mark)!r}).touch()"

    said = code_in({"function": {"class_name": "__lambda__", "config": {"code": _text(source)}}})

    assert "__import__('pathlib')" in said
    assert not mark.exists()


def _text(source):
    return base64.b64encode(_compiled(source)).decode()
