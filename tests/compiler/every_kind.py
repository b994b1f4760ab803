"""An example of every kind of the catalogue: what arrives at its ports, and its arguments.

A table by hand, with defaults that fit most. Shapes are without the batch axis; a port that takes a list has two wires.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from weftwork.compiler.catalogue_types import Kind, Port
from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire
from weftwork.compiler.ports import input_ports, output_ports


@dataclass(frozen=True)
class Given:
    """A tensor at a port. `high`: whole numbers from 0 up to it, in tests that compute."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"
    high: int = 4


@dataclass(frozen=True)
class Example:
    """`ports` maps a port to what arrives, a list for several wires; `batch` is a fixed batch size."""

    params: dict[str, Any] = field(default_factory=dict)
    ports: dict[str, Given | list[Given]] = field(default_factory=dict)
    batch: int | None = None


def suggested(kind: Kind) -> dict[str, Any]:
    """The arguments of a node fresh from the palette, as far as Keras demands them."""
    return {name: known.suggested for name, known in kind.parameters.items() if known.required}


def example_of(kind: Kind) -> Example:
    example = EXAMPLES.get(kind.name, Example())
    by_default = {name: value for name, value in suggested(kind).items() if value is not None}
    takes = input_ports(kind, by_default | example.params)
    either = {port.name for port in takes} & kind.parameters.keys() - example.params.keys()
    ports = {
        port.name: example.ports.get(port.name) or _usual(kind, port)
        for port in takes
        if port.name in example.ports
        or (port.required and port.name not in example.params)
        or (port.name in either and kind.parameters[port.name].required)
    }
    params = {name: value for name, value in by_default.items() if name not in ports} | example.params
    return Example(params, ports, example.batch)


def _usual(kind: Kind, port: Port) -> Given | list[Given]:
    shape: tuple[int, ...] = (4, 6)
    for words, usual in USUAL.items():
        if any(word in kind.name for word in words.split()):
            shape = usual
    return [Given(shape), Given(shape)] if port.many else Given(shape)


def network_of(kind: Kind, example: Example) -> NetworkCell:
    """Inputs wired into one node of the kind, and an Output at each of its outputs."""
    nodes: dict[str, Node] = {}
    wires: dict[str, Wire] = {}
    for port, given in example.ports.items():
        for position, tensor in enumerate(given if isinstance(given, list) else [given]):
            source = f"in_{port}_{position}"
            params: dict[str, Any] = {"shape": list(tensor.shape), "dtype": tensor.dtype}
            if example.batch is not None:
                params["batch_size"] = example.batch
            nodes[source] = Node(kind="Input", params=params, label=source)
            wires[f"to_{source}"] = Wire(source=Source(source), target=Target("it", port, position))
    nodes["it"] = Node(kind=kind.name, params=example.params)
    for port in output_ports(kind, example.params):
        nodes[f"out_{port.name}"] = Node(kind="Output", label=f"out_{port.name}")
        wires[f"from_{port.name}"] = Wire(source=Source("it", port.name), target=Target(f"out_{port.name}"))
    return NetworkCell(id="network", name=kind.name, nodes=nodes, wires=wires)


# By a part of the kind's name; the last that fits counts.
USUAL: dict[str, tuple[int, ...]] = {
    "1D": (12, 3),
    "2D": (12, 12, 3),
    "3D": (8, 8, 8, 3),
    "ConvLSTM1D": (4, 12, 3),
    "ConvLSTM2D": (4, 12, 12, 3),
    "ConvLSTM3D": (3, 8, 8, 8, 3),
    "Random AugMix RandAugment CutMix MixUp AutoContrast Equaliz Solarization CenterCrop Resizing image.": (12, 12, 3),
}

IMAGE = Given((12, 12, 3))
SEQUENCE = Given((4, 6))
WORDS = Given((4, 6), "string")
NUMBERS = Given((4, 6), "int32")


def _kind(name: str, **params: Any) -> dict[str, Any]:
    return {"kind": name, "params": params}


LAYERS: dict[str, Example] = {
    **dict.fromkeys(("AdaptiveAveragePooling1D", "AdaptiveMaxPooling1D"), Example({"output_size": 4})),
    **dict.fromkeys(("AdaptiveAveragePooling2D", "AdaptiveMaxPooling2D"), Example({"output_size": [4, 3]})),
    **dict.fromkeys(("AdaptiveAveragePooling3D", "AdaptiveMaxPooling3D"), Example({"output_size": 2})),
    "AdditiveAttention": Example({"use_scale": False}, {"query": SEQUENCE, "value": Given((5, 6))}),
    "Attention": Example(
        {"score_mode": "concat", "return_attention_scores": True},
        {"query": SEQUENCE, "value": Given((5, 6)), "key": Given((5, 6))},
    ),
    "BatchNormalization": Example({"axis": 1, "momentum": 0.9}),
    "Bidirectional": Example(
        {
            "layer": _kind("LSTM", units=5, return_sequences=True, return_state=True),
            "backward_layer": _kind("LSTM", units=5, return_sequences=True, return_state=True, go_backwards=True),
        }
    ),
    "CategoryEncoding": Example({"num_tokens": 5, "output_mode": "count"}, {"inputs": Given((6,), "int32")}),
    "Concatenate": Example({"axis": 1}, {"inputs": [Given((4, 6)), Given((2, 6))]}),
    "Conv2D": Example({"kernel_size": [3, 2], "strides": 2, "padding": "same", "activation": "relu"}),
    "ConvLSTM2D": Example({"filters": 4, "return_sequences": True}),
    "ConvLSTM3D": Example({"filters": 4}),
    "Cropping2D": Example({"cropping": [[1, 2], [0, 1]]}),
    "Dense": Example(
        {
            "units": 5,
            "activation": "relu",
            "kernel_initializer": _kind("HeNormal", seed=1),
            "kernel_regularizer": _kind("L2", l2=0.001),
            "kernel_constraint": _kind("MaxNorm", max_value=2),
            "bias_initializer": "ones",
        }
    ),
    "Discretization": Example({"bin_boundaries": [0.25, 0.5, 0.75]}),
    "Dot": Example({"axes": [2, 2], "normalize": True}),
    "EinsumDense": Example({"equation": "abc,cd->abd", "output_shape": [None, 7], "bias_axes": "d"}),
    "Embedding": Example({"input_dim": 10, "output_dim": 4, "mask_zero": True}, {"inputs": Given((6,), "int32", 10)}),
    "ReversibleEmbedding": Example({"input_dim": 10, "output_dim": 4}, {"inputs": Given((6,), "int32", 10)}),
    "GRU": Example({"units": 5, "return_sequences": True, "reset_after": False}),
    "GRUCell": Example({"units": 5}, {"inputs": Given((6,)), "states": [Given((5,))]}),
    "GaussianNoise": Example({"stddev": 0.2}),
    "GroupNormalization": Example({"groups": 3}),
    "GroupQueryAttention": Example({"head_dim": 4, "num_query_heads": 4, "num_key_value_heads": 2}),
    "HashedCrossing": Example({"num_bins": 8}, {"inputs": [Given((1,), "string"), Given((1,), "string")]}),
    "Hashing": Example({"num_bins": 8}, {"inputs": WORDS}),
    "IntegerLookup": Example({"vocabulary": [1, 2, 3], "output_mode": "multi_hot"}, {"inputs": NUMBERS}),
    "LSTM": Example(
        {"units": 5, "return_state": True, "dropout": 0.1},
        {"sequences": SEQUENCE, "initial_state": [Given((5,)), Given((5,))]},
    ),
    "LSTMCell": Example({"units": 5}, {"inputs": Given((6,)), "states": [Given((5,)), Given((5,))]}),
    "LayerNormalization": Example({"axis": [1, 2], "epsilon": 1e-5}),
    "Masking": Example({"mask_value": 1.0}),
    "MelSpectrogram": Example({"fft_length": 64, "sampling_rate": 800}, {"inputs": Given((512,))}),
    "MaxNumBoundingBoxes": Example({"max_number": 3}),
    "MultiHeadAttention": Example(
        {"num_heads": 2, "key_dim": 4, "return_attention_scores": True},
        {"query": SEQUENCE, "value": Given((5, 6)), "key": Given((5, 7))},
    ),
    "Normalization": Example({"mean": [1, 2, 3, 4, 5, 6], "variance": [1.0, 1.0, 2.0, 2.0, 4.0, 4.0]}),
    "Permute": Example({"dims": [2, 1]}),
    "Pipeline": Example(
        {"layers": [_kind("Rescaling", scale=1 / 255), _kind("CenterCrop", height=8, width=8)]}, {"inputs": IMAGE}
    ),
    "RMSNormalization": Example(),
    "RNN": Example({"cell": [_kind("LSTMCell", units=3), _kind("GRUCell", units=4)], "return_state": True}),
    "RandomColorJitter": Example({"brightness_factor": 0.2}),
    "RandomContrast": Example({"factor": [0.1, 0.3]}),
    "RandomCrop": Example({"height": 8, "width": 9}),
    "RandomPosterization": Example({"factor": 4}),
    "RandomTranslation": Example({"height_factor": 0.1, "width_factor": 0.2}),
    "RandomZoom": Example({"height_factor": [-0.2, 0.3]}),
    "RepeatVector": Example({"n": 3}, {"inputs": Given((6,))}),
    "Rescaling": Example({"scale": 1 / 255, "offset": -0.5}),
    "Reshape": Example({"target_shape": [3, -1]}),
    "Resizing": Example({"height": 6, "width": 5}),
    "STFTSpectrogram": Example({"frame_length": 32, "frame_step": 16, "mode": "log"}, {"inputs": Given((128, 1))}),
    "SimpleRNNCell": Example({"units": 5}, {"sequence": Given((6,)), "states": [Given((5,))]}),
    "SpectralNormalization": Example({"layer": _kind("Dense", units=5)}),
    "StringLookup": Example({"vocabulary": ["a", "b"]}, {"inputs": WORDS}),
    "Subtract": Example(),
    "TextVectorization": Example(
        {"vocabulary": ["red", "green"], "output_sequence_length": 4}, {"inputs": Given((1,), "string")}
    ),
    "TimeDistributed": Example({"layer": _kind("Dense", units=5, activation="tanh")}),
    "ZeroPadding2D": Example({"padding": [[1, 0], [2, 1]]}),
}

# Keras needs these arguments of the random layers; one value does for all.
_FACTOR = Example({"factor": 0.2})
LAYERS |= {
    f"Random{name}": _FACTOR
    for name in ("Brightness", "ColorDegeneration", "Hue", "Rotation", "Saturation", "Sharpness")
}

SQUARE = Given((3, 3))
VECTOR = Given(())  # the batch axis alone
_SIDES = ("top", "bottom", "left", "right")
_TRIANGULAR = Example(ports={"a": SQUARE, "b": Given((3, 2))})


def _integers(*ports: str) -> Example:
    return Example(ports=dict.fromkeys(ports, NUMBERS))


OPERATIONS: dict[str, Example] = {
    **dict.fromkeys(("cholesky", "cholesky_inverse", "det", "eig", "eigh", "inv"), Example(ports={"x": SQUARE})),
    **dict.fromkeys(("slogdet", "logdet", "lu_factor"), Example(ports={"x": SQUARE})),
    **dict.fromkeys(("solve", "solve_triangular"), _TRIANGULAR),
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor"), _integers("x", "y")),
    **dict.fromkeys(("bitwise_left_shift", "bitwise_right_shift"), _integers("x", "y")),
    **dict.fromkeys(("left_shift", "right_shift"), _integers("x", "y")),
    **dict.fromkeys(("bitwise_invert", "bitwise_not"), _integers("x")),
    **dict.fromkeys(("gcd", "lcm"), _integers("x1", "x2")),
    **dict.fromkeys(
        ("segment_max", "segment_min", "segment_prod", "segment_sum"),
        Example({"num_segments": 4}, {"data": Given((6,)), "segment_ids": Given((), "int32")}),
    ),
    **dict.fromkeys(("isinf", "isnan"), Example()),
    "add": Example({"x2": 2.5}, {"x1": SEQUENCE}),
    "argpartition": Example({"kth": 1}, {"x": VECTOR}),
    "average": Example({"axis": 1}),
    "batch_normalization": Example({"axis": -1}, {"x": Given((4, 6)), "mean": VECTOR, "variance": VECTOR}, batch=6),
    "bincount": Example({"minlength": 4}, {"x": Given((6,), "int32")}),
    "broadcast_to": Example({"shape": [2, 4, 6]}, {"x": Given((1, 6))}, batch=2),
    "clip": Example({"x_min": -0.5, "x_max": 0.5}),
    "concatenate": Example({"axis": 1}, {"xs": [SEQUENCE, Given((2, 6))]}),
    "conv": Example({"padding": "same"}, {"inputs": IMAGE, "kernel": Given((3, 3, 8))}, batch=3),
    "conv_transpose": Example({"strides": 2}, {"inputs": IMAGE, "kernel": Given((3, 8, 3))}, batch=3),
    "corrcoef": Example(ports={"x": Given((6,))}),
    "correlate": Example(ports={"x1": VECTOR, "x2": VECTOR}, batch=5),
    "cross": Example(ports={"x1": Given((4, 3)), "x2": Given((4, 3))}),
    "ctc_decode": Example(ports={"inputs": SEQUENCE, "sequence_lengths": Given((), "int32")}),
    "ctc_loss": Example(
        ports={
            "target": Given((2,), "int32"),
            "output": SEQUENCE,
            "target_length": Given((), "int32", 2),
            "output_length": Given((), "int32"),
        }
    ),
    "depth_to_space": Example({"block_size": 2}, {"x": Given((4, 4, 8))}),
    "depthwise_conv": Example({}, {"inputs": IMAGE, "kernel": Given((3, 3, 1))}, batch=3),
    "diag": Example(ports={"x": Given((6,))}),
    "digitize": Example({"bins": [0.1, 0.5]}),
    "dot": Example(ports={"x1": Given((4, 6)), "x2": Given((5,))}, batch=6),
    "dot_product_attention": Example(
        {"is_causal": True}, {port: Given((4, 2, 6)) for port in ("query", "key", "value")}
    ),
    "einsum": Example({"subscripts": "bij,bjk->bik"}, {"operands": [Given((4, 6)), Given((6, 5))]}),
    "extract_sequences": Example({"sequence_length": 16, "sequence_stride": 8}, {"x": Given((64,))}),
    "fold": Example({"output_size": [4, 4], "kernel_size": 2}, {"x": Given((12, 9))}),
    "get_item": Example({"key": 0}),
    "histogram": Example({"bins": 5}, {"x": VECTOR}),
    "image.elastic_transform": Example({"seed": 1}),
    "image.affine_transform": Example({}, {"images": IMAGE, "transform": Given((8,))}, batch=2),
    "image.crop_images": Example({f"{side}_cropping": 1 for side in _SIDES}),
    "image.map_coordinates": Example({"order": 1}, {"inputs": SEQUENCE, "coordinates": Given((5,))}, batch=3),
    "image.pad_images": Example({f"{side}_padding": 2 for side in _SIDES}),
    "image.perspective_transform": Example(
        {}, {"images": IMAGE, "start_points": Given((4, 2)), "end_points": Given((4, 2))}, batch=2
    ),
    "image.resize": Example({"size": [6, 5]}),
    "image.scale_and_translate": Example(
        {"output_shape": [2, 6, 6, 3], "spatial_dims": [1, 2], "method": "linear"},
        {"images": IMAGE, "scale": VECTOR, "translation": VECTOR},
        batch=2,
    ),
    "in_top_k": Example({"k": 2}, {"targets": Given((), "int32"), "predictions": Given((6,))}),
    "isin": Example({"x2": [1, 2]}, {"x1": NUMBERS}),
    "kron": Example(ports={"x1": Given((3,)), "x2": Given((2,))}),
    "ldexp": Example(ports={"x1": SEQUENCE, "x2": NUMBERS}),
    "lstsq": Example(ports={"a": Given((3,)), "b": Given((2,))}),
    "matmul": Example(ports={"x1": SEQUENCE, "x2": Given((6, 5))}),
    "multi_hot": Example({"num_classes": 5}, {"inputs": Given((6,), "int32")}),
    "norm": Example({"axis": -1}),
    "one_hot": Example({"num_classes": 5}, {"x": NUMBERS}),
    "pad": Example({"pad_width": [[0, 0], [1, 1], [2, 0]]}),
    "power": Example({"x1": 2.0}, {"x2": SEQUENCE}),
    "rearrange": Example({"pattern": "b (h w) c -> b h w c", "axes_lengths": {"h": 2}}, batch=2),
    "reshape": Example({"newshape": [-1, 8, 3]}),
    "scatter": Example({"shape": [6]}, {"indices": Given((1,), "int32"), "values": VECTOR}),
    "scatter_update": Example({}, {"inputs": Given((4,)), "indices": Given((2,), "int32", 2), "updates": VECTOR}),
    "searchsorted": Example({"sorted_sequence": [0.1, 0.5, 0.9]}, {"values": VECTOR}),
    "separable_conv": Example(
        {},
        {"inputs": IMAGE, "depthwise_kernel": Given((3, 3, 2)), "pointwise_kernel": Given((1, 6, 8))},
        batch=1,
    ),
    "slice": Example({"start_indices": [0, 1, 0], "shape": [2, 2, 3]}, batch=2),
    "slice_update": Example({"start_indices": [0, 1, 0]}, {"inputs": SEQUENCE, "updates": Given((2, 3))}, batch=2),
    "space_to_depth": Example({"block_size": 2}, {"x": Given((4, 4, 2))}),
    "sparse_categorical_crossentropy": Example(ports={"target": Given((4,), "int32"), "output": SEQUENCE}),
    "split": Example({"indices_or_sections": [1, 3], "axis": 1}),
    "stft": Example({"sequence_length": 16, "sequence_stride": 8, "fft_length": 16}, {"x": Given((64,))}),
    "take": Example({"indices": [0, 2], "axis": 1}),
    "take_along_axis": Example({"axis": -1}, {"x": SEQUENCE, "indices": NUMBERS}),
    "tensordot": Example({"axes": [[2], [2]]}),
    "top_k": Example({"k": 2}),
    "unfold": Example({"kernel_size": 3}, {"x": Given((3, 8, 8))}),
    "unstack": Example({"num": 4, "axis": 1}),
    "vander": Example({"N": 4}, {"x": VECTOR}),
    "view_as_complex": Example(ports={"x": Given((4, 2))}),
    "where": Example({"x2": 0.0}, {"condition": Given((4, 6), "bool"), "x1": SEQUENCE}),
}

EXAMPLES = LAYERS | {f"ops.{name}": example for name, example in OPERATIONS.items()}

# Kinds that take arguments only and that Keras cannot build all the same: why, and what it says.
CANNOT: dict[str, tuple[str, str]] = {
    "Equalization": ("Keras 3.15 gives its symbolic input itself as its output.", "part of a cycle"),
}

# Built and not computed here, and why.
NOT_COMPUTED = {
    "ops.view_as_complex": "Keras 3.15 multiplies by 1j what TensorFlow does not make complex.",
    "ops.conv_transpose": "Keras 3.15 loses the padding of its symbolic call.",
    "ops.histogram": "Keras 3.15 looks for TensorFlow's histogram where it is not.",
    "ops.lu_factor": "TensorFlow's kernel takes one matrix, and a model has batches of them.",
    "ops.cholesky": "Random matrices are not positive definite.",
}
