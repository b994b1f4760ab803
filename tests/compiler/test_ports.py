"""The ports of nodes: as listed here, and as many outputs as Keras gives."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.catalogue_types import Port
from weftwork.compiler.ports import input_ports, output_ports

LSTM = {"kind": "LSTM", "params": {"units": 3, "return_state": True}}
GRU = {"kind": "GRU", "params": {"units": 3, "return_state": True}}
CELLS = [{"kind": "LSTMCell", "params": {"units": 3}}, {"kind": "GRUCell", "params": {"units": 3}}]
STACKED = {"kind": "StackedRNNCells", "params": {"cells": CELLS}}


def inputs(kind: str) -> list[str]:
    """The input ports as text: `name`, `name?` when it may stay open, `*name` when it takes a list."""

    def text(port: Port) -> str:
        return ("*" if port.many else "") + port.name + ("" if port.required else "?")

    return [text(port) for port in input_ports(catalogue().kinds[kind], {})]


def outputs(kind: str, **params: Any) -> list[str]:
    return [port.name for port in output_ports(catalogue().kinds[kind], params)]


@pytest.mark.parametrize(
    ("kind", "ports"),
    [
        ("Input", []),
        ("Output", ["inputs"]),
        ("Dense", ["inputs"]),
        ("Conv2D", ["inputs"]),
        ("Dropout", ["inputs"]),
        ("RandomFlip", ["data"]),
        ("RMSNormalization", ["x"]),
        ("BatchNormalization", ["inputs", "mask?"]),
        ("LSTM", ["sequences", "*initial_state?", "mask?"]),
        ("GRU", ["sequences", "*initial_state?", "mask?"]),
        ("Bidirectional", ["sequences", "*initial_state?", "mask?"]),
        ("LSTMCell", ["inputs", "*states"]),
        ("SimpleRNNCell", ["sequence", "*states"]),
        ("TimeDistributed", ["inputs", "mask?"]),
        ("Add", ["*inputs"]),
        ("Concatenate", ["*inputs"]),
        ("Dot", ["*inputs"]),
        ("Attention", ["query", "value", "key?", "*mask?"]),
        (
            "MultiHeadAttention",
            ["query", "value", "key?", "query_mask?", "value_mask?", "key_mask?", "attention_mask?"],
        ),
        ("CategoryEncoding", ["inputs", "count_weights?"]),
        ("ops.relu", ["x"]),
        ("ops.add", ["x1?", "x2?"]),
        ("ops.matmul", ["x1?", "x2?"]),
        ("ops.where", ["condition", "x1?", "x2?"]),
        ("ops.concatenate", ["*xs"]),
        ("ops.stack", ["*x"]),
        ("ops.einsum", ["*operands"]),
        ("ops.meshgrid", ["x", "y"]),
        ("ops.clip", ["x"]),
        ("ops.take", ["x", "indices?"]),
        ("ops.batch_normalization", ["x", "mean", "variance", "offset?", "scale?"]),
        ("ops.image.resize", ["images"]),
        ("ops.irfft", ["real", "imag"]),
    ],
)
def test_input_ports_are_those_of_the_call(kind: str, ports: list[str]) -> None:
    assert inputs(kind) == ports


def test_attention_packs_query_value_and_key_into_one_argument() -> None:
    ports = input_ports(catalogue().kinds["Attention"], {})
    assert [port.argument for port in ports] == ["inputs", "inputs", "inputs", ""]


def test_arguments_that_keras_spreads_are_marked() -> None:
    arguments = {kind: [p.argument for p in catalogue().kinds[kind].inputs] for kind in ("ops.einsum", "ops.meshgrid")}
    assert arguments == {"ops.einsum": ["*operands"], "ops.meshgrid": ["*x", "*x"]}


def test_operand_that_may_be_a_constant_is_a_port_and_a_parameter() -> None:
    kind = catalogue().kinds["ops.multiply"]
    assert [port.name for port in kind.inputs if not port.required] == ["x1", "x2"]
    assert [name for name, known in kind.parameters.items() if known.required] == ["x1", "x2"]


OUTPUTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("Dense", {"units": 3}, ["output"]),
    ("LSTM", {"units": 3}, ["output"]),
    ("LSTM", {"units": 3, "return_state": True}, ["output", "state_h", "state_c"]),
    ("GRU", {"units": 3, "return_state": True}, ["output", "state"]),
    ("SimpleRNN", {"units": 3, "return_state": True, "return_sequences": True}, ["output", "state"]),
    ("RNN", {"cell": CELLS[0], "return_state": True}, ["output", "state_h", "state_c"]),
    ("RNN", {"cell": STACKED, "return_state": True}, ["output", "state_h_0", "state_c_0", "state_1"]),
    ("RNN", {"cell": CELLS, "return_state": True}, ["output", "state_h_0", "state_c_0", "state_1"]),
    ("Bidirectional", {"layer": LSTM}, [
        *("output", "forward_state_h", "forward_state_c", "backward_state_h", "backward_state_c"),
    ]),
    ("Bidirectional", {"layer": GRU, "merge_mode": None}, [
        *("forward", "backward", "forward_state", "backward_state"),
    ]),
    ("Bidirectional", {"layer": {"kind": "GRU", "params": {"units": 3}}}, ["output"]),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, ["output"]),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "return_attention_scores": True}, ["output", "scores"]),
    ("Attention", {"return_attention_scores": True}, ["output", "scores"]),
    ("ops.split", {"indices_or_sections": 2, "axis": 1}, ["output_0", "output_1"]),
    ("ops.split", {"indices_or_sections": [1, 3], "axis": 1}, ["output_0", "output_1", "output_2"]),
    ("ops.array_split", {"indices_or_sections": 3, "axis": 1}, ["output_0", "output_1", "output_2"]),
    ("ops.unstack", {"num": 4, "axis": 1}, ["output_0", "output_1", "output_2", "output_3"]),
    ("ops.top_k", {"k": 2}, ["values", "indices"]),
    ("ops.moments", {"axes": [1]}, ["mean", "variance"]),
    ("ops.meshgrid", {}, ["x", "y"]),
    ("ops.slogdet", {}, ["sign", "logabsdet"]),
    ("ops.qr", {}, ["q", "r"]),
    ("ops.svd", {}, ["u", "s", "v"]),
    ("ops.svd", {"compute_uv": False}, ["output"]),
    ("ops.eigh", {}, ["eigenvalues", "eigenvectors"]),
    ("ops.eig", {}, ["eigenvalues", "eigenvectors"]),
    ("ops.lu_factor", {}, ["lu", "pivots"]),
    ("ops.fft", {}, ["real", "imag"]),
    ("ops.rfft", {}, ["real", "imag"]),
    ("ops.irfft", {}, ["output"]),
    ("ops.stft", {"sequence_length": 2, "sequence_stride": 1, "fft_length": 4}, ["real", "imag"]),
    ("ops.histogram", {"bins": 5}, ["counts", "bounds"]),
    ("ops.unique", {"return_index": True, "return_counts": True}, ["output", "index", "counts"]),
    ("ops.unravel_index", {"shape": [2, 3]}, ["output_0", "output_1"]),
    ("ops.ctc_decode", {}, ["labels", "scores"]),
]  # fmt: skip
IDS = [f"{kind}-{len(ports)}-{index}" for index, (kind, _, ports) in enumerate(OUTPUTS)]


@pytest.mark.parametrize(("kind", "params", "ports"), OUTPUTS, ids=IDS)
def test_output_ports_follow_the_parameters(kind: str, params: dict[str, Any], ports: list[str]) -> None:
    assert outputs(kind, **params) == ports


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("ops.split", {"indices_or_sections": "two"}),
        ("ops.split", {}),
        ("ops.unstack", {"num": None}),
        ("ops.unstack", {"num": -3}),
        ("RNN", {"cell": 7}),
        ("Bidirectional", {"layer": {"params": None}}),
        ("ops.unravel_index", {"shape": 3}),
    ],
)
def test_nonsense_in_parameters_leaves_one_output(kind: str, params: dict[str, Any]) -> None:
    assert outputs(kind, **params) == ["output"]


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    return keras


def as_python(keras: ModuleType, value: Any) -> Any:
    if isinstance(value, dict):
        params = {name: as_python(keras, item) for name, item in value["params"].items()}
        return getattr(keras.layers, value["kind"])(**params)
    return [as_python(keras, item) for item in value] if isinstance(value, list) else value


@pytest.mark.keras
@pytest.mark.parametrize(("name", "params", "ports"), OUTPUTS, ids=IDS)
def test_there_are_as_many_outputs_as_keras_gives(
    keras: ModuleType, name: str, params: dict[str, Any], ports: list[str]
) -> None:
    kind = catalogue().kinds[name]
    required = [port for port in kind.inputs if port.required]
    shape = (4,) if name == "ops.meshgrid" else (2, 4, 4)
    tensors = [keras.KerasTensor(shape) for _ in required]
    call: Any = keras
    for part in kind.keras.split(".")[1:]:
        call = getattr(call, part)
    given = {key: as_python(keras, value) for key, value in params.items()}
    at_call = {key: given.pop(key) for key in params if kind.group == "op" or kind.parameters[key].at_call}
    with keras.StatelessScope(initialize_variables=False):
        if kind.group == "layer":
            call = call(**given)
        packed = [port.argument for port in required][:1] in (["inputs"], ["x"])
        result = call(tensors, **at_call) if packed else call(*tensors, **at_call)
    assert len(keras.tree.flatten(result)) == len(ports)
