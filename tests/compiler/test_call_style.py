"""Arguments without names stand where Keras' signatures have them."""

from __future__ import annotations

import inspect
from functools import reduce

import pytest

from weftwork.compiler.call_style import call_arguments, places, split_params
from weftwork.compiler.catalogue import catalogue

KINDS = catalogue().kinds


@pytest.mark.keras
def test_places_begin_every_signature_of_keras() -> None:
    import keras

    wrong = {}
    for name, kind in KINDS.items():
        if kind.group == "boundary" or kind.unbuildable or not kind.keras.startswith("keras."):
            continue
        found = reduce(getattr, kind.keras.split(".")[1:], keras)
        signature = inspect.signature(found.call if kind.group == "layer" else found)
        real = [parameter for parameter in signature.parameters if parameter != "self"]
        ours = [place.lstrip("*") for place in places(kind)]
        if real[: len(ours)] != ours:
            wrong[name] = (ours, real)
    assert wrong == {}


def test_arguments_behind_a_missing_one_have_their_names() -> None:
    attention = KINDS["MultiHeadAttention"]
    assert call_arguments(attention, {"query": 1, "key": 3, "value": 2}) == ([1, 2], {"key": 3})
    assert call_arguments(KINDS["ops.clip"], {"x": 1, "x_max": 3}) == ([1], {"x_max": 3})


def test_starred_argument_is_spread() -> None:
    given = {"subscripts": "ij,jk->ik", "*operands": [1, 2]}
    assert call_arguments(KINDS["ops.einsum"], given) == (["ij,jk->ik", 1, 2], {})


def test_arguments_of_the_call_are_told_from_those_of_the_layer() -> None:
    params = {"num_heads": 2, "key_dim": 3, "use_causal_mask": True}
    assert split_params(KINDS["MultiHeadAttention"], params) == (
        {"num_heads": 2, "key_dim": 3},
        {"use_causal_mask": True},
    )
