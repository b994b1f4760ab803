"""The palette understands what people type."""

from __future__ import annotations

from typing import Any

import pytest

from weftwork.compiler.catalogue import catalogue
from weftwork.editor.palette_search import search


@pytest.mark.parametrize(
    ("text", "kind", "params"),
    [
        ("conv 64 3 relu", "Conv2D", {"filters": 64, "kernel_size": 3, "activation": "relu"}),
        ("conv 32 3x3 padding=same", "Conv2D", {"filters": 32, "kernel_size": [3, 3], "padding": "same"}),
        ("conv 8 5 same", "Conv2D", {"filters": 8, "kernel_size": 5, "padding": "same"}),
        ("dense 10 softmax", "Dense", {"units": 10, "activation": "softmax"}),
        ("fully connected 5", "Dense", {"units": 5}),
        ("linear 3", "Dense", {"units": 3}),
        ("drop 0.3", "Dropout", {"rate": 0.3}),
        ("drpout", "Dropout", {"rate": 0.2}),
        ("max pool 2", "MaxPooling2D", {"pool_size": 2}),
        ("mha 4 32", "MultiHeadAttention", {"num_heads": 4, "key_dim": 32}),
        ("lstm 32 return_sequences", "LSTM", {"units": 32, "return_sequences": True}),
        ("input 28 28 1", "Input", {"shape": [28, 28, 1]}),
        ("input 28x28x1", "Input", {"shape": [28, 28, 1]}),
        ("embedding 1000 16", "Embedding", {"input_dim": 1000, "output_dim": 16}),
        ("batchnorm", "BatchNormalization", {}),
        ("BatchNormalization", "BatchNormalization", {}),
        ("gap", "GlobalAveragePooling2D", {}),
        ("conv 3d", "Conv3D", {"filters": 32, "kernel_size": 3}),
        ("matmul", "ops.matmul", {}),
        ("add", "Add", {}),
        ("relu", "ReLU", {}),
        ("out", "Output", {}),
    ],
)
def test_the_first_row_is_what_is_meant(text: str, kind: str, params: dict[str, Any]) -> None:
    first = search(text, catalogue())[0]
    assert (first.kind, first.params) == (kind, params)


def test_nothing_typed_shows_what_is_used_most() -> None:
    rows = search("", catalogue())
    assert rows[0].kind == "Dense"
    assert len(rows) == 12
    assert all(catalogue().kinds[row.kind].group != "op" for row in rows)


def test_nonsense_finds_nothing() -> None:
    assert search("zzqqxy", catalogue()) == []


def test_a_wire_is_only_offered_kinds_with_an_end_for_it() -> None:
    assert all(catalogue().kinds[row.kind].inputs for row in search("in", catalogue(), needs="inputs"))
    assert all(catalogue().kinds[row.kind].outputs for row in search("out", catalogue(), needs="outputs"))


@pytest.mark.parametrize("name", ["Conv2D", "LSTM", "Concatenate", "ops.einsum", "TimeDistributed", "Output"])
def test_every_kind_is_found_by_its_own_name(name: str) -> None:
    assert name in [row.kind for row in search(name.rsplit(".", 1)[-1], catalogue())[:3]]


def test_a_rate_out_of_range_is_not_taken() -> None:
    assert search("dropout 7", catalogue())[0].params.get("rate") != 7
