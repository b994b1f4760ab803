"""Functions of TensorFlow that tf.keras 2 wrote into configs (`TFOpLambda`), as operations of Keras. Pure."""

from __future__ import annotations

from typing import Any

from .model_config import LayerCall, LayerConfig

# TensorFlow's name → Keras' class of operation, the names of its arguments in order of TensorFlow's.
_SAME = {
    **{f"__operators__.{name}": name for name in ("add", "subtract", "multiply", "truediv", "pow", "mod", "floordiv")},
    **{f"math.{name}": name for name in (
        *("add", "subtract", "multiply", "truediv", "divide", "pow", "maximum", "minimum", "abs", "square", "sqrt"),
        *("exp", "log", "sigmoid", "tanh", "sin", "cos", "negative", "rsqrt", "greater", "less", "equal"),
        *("greater_equal", "less_equal", "not_equal", "logical_and", "logical_or", "logical_not", "floordiv"),
        *("reduce_mean", "reduce_sum", "reduce_max", "reduce_min", "reduce_prod", "sign", "floor", "ceil", "round"),
        *("l2_normalize", "argmax", "cumsum"),
    )},
    **{f"nn.{name}": name for name in ("relu", "softmax", "sigmoid", "tanh", "gelu", "elu", "selu", "silu", "swish",
                                       "relu6", "leaky_relu", "softplus", "log_softmax")},
    **{name: name for name in ("concat", "stack", "reshape", "expand_dims", "squeeze", "transpose", "cast", "where",
                               "clip_by_value", "tile", "one_hot", "abs", "argmax")},
    "linalg.matmul": "matmul",
    "compat.v1.transpose": "transpose",
    "compat.v1.squeeze": "squeeze",
    "compat.v1.gather": "gather",
}  # fmt: skip

_CLASSES = {
    "truediv": "TrueDivide",
    "divide": "Divide",
    "pow": "Power",
    "floordiv": "FloorDivide",
    "abs": "Absolute",
    "concat": "Concatenate",
    "reduce_mean": "Mean",
    "reduce_sum": "Sum",
    "reduce_max": "Max",
    "reduce_min": "Min",
    "reduce_prod": "Prod",
    "clip_by_value": "Clip",
    "swish": "Silu",
    "gather": "Take",
    "mod": "Mod",
}

# TensorFlow's argument → Keras' one; the others have the same name.
_ARGUMENTS = {
    "keep_dims": "keepdims",
    "perm": "axes",
    "clip_value_min": "x_min",
    "clip_value_max": "x_max",
    "multiples": "repeats",
    "depth": "num_classes",
    "y": "x2",
    "b": "x2",
    "alpha": "negative_slope",
    "shape": "newshape",
}

_TWO = ("Add", "Subtract", "Multiply", "TrueDivide", "Divide", "Power", "Mod", "FloorDivide", "Maximum", "Minimum",
        "Greater", "Less", "Equal", "GreaterEqual", "LessEqual", "NotEqual", "LogicalAnd", "LogicalOr",
        "Matmul")  # fmt: skip

_FORGOTTEN = ("name", "transpose_a", "transpose_b", "adjoint_a", "adjoint_b", "a_is_sparse", "b_is_sparse", "conjugate")


def operation(name: str, function: str, calls: list[LayerCall], raw: dict[str, Any]) -> LayerConfig:
    """The layer of a config that is a call of a TensorFlow function; a placeholder's where it is none that we know."""
    if function == "__operators__.getitem":
        got = [LayerCall([call.args[0], _index(call.kwargs.get("slice_spec"))]) for call in calls]
        return LayerConfig(name, "GetItem", "keras.src.ops.numpy", {}, got, raw=raw)
    known = _SAME.get(function)
    if known is None or any(call.kwargs.get(flag) for call in calls for flag in _FORGOTTEN if flag != "name"):
        config = {"name": name, "function": function}
        return LayerConfig(name, "TFOpLambda", "tensorflow", config, calls, raw=raw)
    class_name = _CLASSES.get(known) or "".join(word.capitalize() for word in known.split("_"))
    return LayerConfig(
        name, class_name, "keras.src.ops.numpy", {}, [_call(class_name, call) for call in calls], raw=raw
    )


def _call(class_name: str, call: LayerCall) -> LayerCall:
    kwargs = {}
    for key, value in call.kwargs.items():
        if key in _FORGOTTEN or (value is None and key != "axis"):
            continue
        now = _ARGUMENTS.get(key, key)
        if key == "y" and class_name not in _TWO:
            now = key
        kwargs[now] = value
    return LayerCall(call.args, kwargs)


def _index(spec: Any) -> Any:
    """tf.keras' slices as ours."""
    if isinstance(spec, list):
        return [_index(item) for item in spec]
    if isinstance(spec, dict) and {"start", "stop", "step"} >= set(spec):
        return {"slice": [spec.get("start"), spec.get("stop"), spec.get("step")]}
    if isinstance(spec, dict) and "Ellipsis" in str(spec):
        return {"ellipsis": True}
    return spec
