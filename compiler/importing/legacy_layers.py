"""Layers and arguments by the names that they have had: Keras 1, Keras 2, tf.keras 2. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CLASSES = {
    **{f"Convolution{n}D": f"Conv{n}D" for n in (1, 2, 3)},
    **{f"AtrousConvolution{n}D": f"Conv{n}D" for n in (1, 2)},
    "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "LSTMV2": "LSTM",
    "GRUV2": "GRU",
    "LSTMCellV2": "LSTMCell",
    "GRUCellV2": "GRUCell",
    "ThresholdedReLU": "ReLU",
    "TimeDistributedDense": "Dense",
    "Dropout1D": "SpatialDropout1D",
}

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "LSTMCell", "GRUCell", "SimpleRNNCell")
_CONVOLUTIONS = tuple(f"{kind}Conv{n}D{end}" for kind in ("", "Separable", "Depthwise") for n in (1, 2, 3)
                      for end in ("", "Transpose"))  # fmt: skip

# Old argument → new one, for all layers.
_ARGUMENTS = {
    "nb_filter": "filters",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "filter_length": "kernel_size",
    "atrous_rate": "dilation_rate",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "bias": "use_bias",
    "pool_length": "pool_size",
    "stride": "strides",
    "p": "rate",
    "gamma_init": "gamma_initializer",
    "beta_init": "beta_initializer",
}

# What older versions had and nothing needs: how it was computed, not what.
_GONE = (
    *("implementation", "consume_less", "input_dim", "input_length", "mode", "nb_row", "nb_col", "kernel_dim1"),
    *("kernel_dim2", "kernel_dim3", "dim_ordering", "forget_bias_init", "time_major"),
    *("renorm", "virtual_batch_size", "adjustment", "fused", "output_dim", "input_dtype", "build_input_shape"),
    *("query_shape", "key_shape", "value_shape"),
)

_INITIALIZERS = {"zero": "zeros", "one": "ones", "normal": "random_normal", "uniform": "random_uniform"}
_DATA_FORMATS = {"tf": "channels_last", "th": "channels_first"}
_MERGES = {"sum": "Add", "mul": "Multiply", "concat": "Concatenate", "ave": "Average", "max": "Maximum", "dot": "Dot",
           "cos": "Dot"}  # fmt: skip


def modern(class_name: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A layer's class and arguments as Keras 3 names them. What it has no name for stays as it is."""
    if class_name == "Merge":
        return merged(config)
    old, config = class_name, {key: _value(value) for key, value in config.items()}
    class_name = _CLASSES.get(class_name, class_name)
    _before_renaming(old, class_name, config)
    for before, now in _ARGUMENTS.items():
        if before in config:
            config.setdefault(now, config.pop(before))
    for name, value in config.items():
        if name.endswith("_initializer") and isinstance(value, str):
            config[name] = _INITIALIZERS.get(value, value)
        elif name.endswith("_regularizer"):
            config[name] = _regularizer(value)
        elif name.endswith("_constraint"):
            config[name] = _constraint(value)
    for wrapped in ("layer", "backward_layer", "cell"):
        inner = config.get(wrapped)
        if isinstance(inner, Mapping) and isinstance(inner.get("config"), Mapping):
            kind, arguments = modern(str(inner.get("class_name")), inner["config"])
            config[wrapped] = {"class_name": kind, "config": arguments}
    keep = {"Embedding": ("input_dim", "output_dim"), "Dot": ("mode",)}.get(class_name, ())
    return class_name, {key: value for key, value in config.items() if key not in _GONE or key in keep}


def _before_renaming(old: str, class_name: str, config: dict[str, Any]) -> None:
    """Where one argument became another depending on the layer."""
    if class_name in (*_RECURRENT, "Dense") and "output_dim" in config:
        config.setdefault("units", config.pop("output_dim"))
    if class_name == "Embedding" and "init" in config:
        config["embeddings_initializer"] = config.pop("init")
    if class_name in _CONVOLUTIONS:
        if "nb_row" in config:
            config["kernel_size"] = [config["nb_row"], config.get("nb_col", config["nb_row"])]
        if "kernel_dim1" in config:
            config["kernel_size"] = [config.get(f"kernel_dim{n}") for n in (1, 2, 3)]
    if config.get("dim_ordering") in _DATA_FORMATS:
        config["data_format"] = _DATA_FORMATS[config["dim_ordering"]]
    if class_name == "LeakyReLU" and "alpha" in config:
        config["negative_slope"] = config.pop("alpha")
    if old == "ThresholdedReLU":
        config["threshold"] = config.pop("theta", 1.0)
    if class_name == "GaussianNoise" and "sigma" in config:
        config["stddev"] = config.pop("sigma")
    if class_name == "BatchNormalization" and isinstance(config.get("axis"), list) and len(config["axis"]) == 1:
        config["axis"] = config["axis"][0]
    if old == "SyncBatchNormalization":
        config["synchronized"] = True
    if class_name in ("GRU", "GRUCell"):
        config.setdefault("reset_after", old == "CuDNNGRU")
    if old.startswith("CuDNN"):
        config.setdefault("recurrent_activation", "sigmoid")
    if old in ("ZeroPadding2D", "Cropping2D") and isinstance(config.get("padding"), Mapping):
        sides = config["padding"]
        config["padding"] = [[sides.get("top_pad", 0), sides.get("bottom_pad", 0)],
                             [sides.get("left_pad", 0), sides.get("right_pad", 0)]]  # fmt: skip
    if class_name == "UpSampling1D" and "length" in config:
        config["size"] = config.pop("length")


def merged(config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The layer that a `Merge` of Keras 1 is by its mode; a mode that is a function stays a `Merge`."""
    mode = config.get("mode")
    if mode not in _MERGES:
        return "Merge", dict(config)
    arguments: dict[str, Any] = {"name": config.get("name")}
    if mode == "concat":
        arguments["axis"] = config.get("concat_axis", -1)
    if mode in ("dot", "cos"):
        axes = config.get("dot_axes", -1)
        arguments["axes"] = axes[0] if isinstance(axes, list) and len(axes) == 1 else axes
        arguments["normalize"] = mode == "cos"
    return _MERGES[mode], arguments


def _value(value: Any) -> Any:
    """Arrays of one number as the number, as some versions wrote them."""
    if isinstance(value, Mapping) and value.get("type") == "ndarray":
        return value.get("value")
    return value


def _regularizer(value: Any) -> Any:
    if isinstance(value, Mapping) and "class_name" not in value and ("l1" in value or "l2" in value):
        return {"class_name": "L1L2", "config": {key: value.get(key) or 0.0 for key in ("l1", "l2")}}
    return value


def _constraint(value: Any) -> Any:
    if isinstance(value, Mapping) and "class_name" not in value and "name" in value:
        given = {"max_value" if key == "m" else key: item for key, item in value.items() if key != "name"}
        names = {"MaxNorm": "MaxNorm", "NonNeg": "NonNeg", "UnitNorm": "UnitNorm"}
        return {"class_name": names.get(str(value["name"]), value["name"]), "config": given}
    return value
