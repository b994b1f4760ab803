"""Which arguments of an operation are tensors: by name, and by operation where the name does not tell.

An entry `x` is a port, `x=` a port that a constant may stand in for, `*x` a port that takes a list, `x?` one that
may stay open; `a<x` and `b<x` are two ports that are packed into the argument `x`.
"""

from __future__ import annotations

# An argument of one of these names is a tensor in every operation that is not listed below.
TENSORS = {
    *("x", "x1", "x2", "y", "a", "b", "inputs", "array", "tensor", "variable", "target", "output"),
    *("data", "images", "image1", "image2", "volumes"),
}

_PAIR = ("x1=", "x2=")
_BITS = ("x=", "y=")
_LIST = ("*xs",)
_PARTS = ("real<x", "imag<x")
_DIVIDED = ("x", "q=")
_SEGMENTS = ("data", "segment_ids")

PORTS: dict[str, tuple[str, ...]] = {
    # Between two tensors, or a tensor and a number on either side.
    **dict.fromkeys(
        (
            *("add", "subtract", "multiply", "divide", "true_divide", "divide_no_nan", "floor_divide", "mod", "fmod"),
            *("power", "maximum", "minimum", "fmax", "fmin", "equal", "not_equal", "greater", "greater_equal"),
            *("less", "less_equal", "logical_and", "logical_or", "logical_xor", "logaddexp", "logaddexp2", "hypot"),
            *("arctan2", "heaviside", "isclose", "nextafter", "gcd", "lcm", "ldexp"),
            *("matmul", "tensordot", "dot", "inner", "outer", "kron", "vdot"),
        ),
        _PAIR,
    ),
    **dict.fromkeys(
        (
            *("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift"),
            *("left_shift", "right_shift"),
        ),
        _BITS,
    ),
    **dict.fromkeys(("concatenate", "hstack", "vstack", "dstack"), _LIST),
    "stack": ("*x",),
    # Its `b` goes into the operation itself, where Keras takes no tensor.
    "squareplus": ("x",),
    "einsum": ("*operands",),
    # Keras takes any number of vectors and gives as many grids; a node has two of each.
    "meshgrid": ("x<x", "y<x"),
    **dict.fromkeys(("fft", "fft2", "ifft2", "irfft", "istft"), _PARTS),
    **dict.fromkeys(("quantile", "percentile", "nanquantile", "nanpercentile"), _DIVIDED),
    **dict.fromkeys(("segment_sum", "segment_max", "segment_min", "segment_prod"), _SEGMENTS),
    "average": ("x", "weights="),
    "batch_normalization": ("x", "mean", "variance", "offset?", "scale?"),
    "layer_normalization": ("x", "gamma?", "beta?"),
    "rms_normalization": ("x", "scale?"),
    "clip": ("x",),
    "conv": ("inputs", "kernel"),
    "conv_transpose": ("inputs", "kernel"),
    "depthwise_conv": ("inputs", "kernel"),
    "separable_conv": ("inputs", "depthwise_kernel", "pointwise_kernel"),
    "ctc_decode": ("inputs", "sequence_lengths"),
    "ctc_loss": ("target", "output", "target_length", "output_length"),
    "digitize": ("x", "bins="),
    "dot_product_attention": ("query", "key", "value", "bias?", "mask?"),
    "full_like": ("x", "fill_value="),
    **dict.fromkeys(("linspace", "logspace", "geomspace"), ("start=", "stop=")),
    "in_top_k": ("targets", "predictions"),
    "isin": ("x1", "x2="),
    "polar": ("abs_", "angle"),
    "scatter": ("indices", "values"),
    "scatter_update": ("inputs", "indices=", "updates"),
    "searchsorted": ("sorted_sequence=", "values"),
    "select": ("*condlist", "*choicelist", "default="),
    "slice": ("inputs", "start_indices="),
    "slice_update": ("inputs", "start_indices=", "updates"),
    "take": ("x", "indices="),
    "take_along_axis": ("x", "indices"),
    # The other axis goes into the operation itself, where Keras takes no tensor.
    "trapezoid": ("y",),
    "unravel_index": ("indices",),
    "where": ("condition", "x1=", "x2="),
    "image.affine_transform": ("images", "transform="),
    "image.map_coordinates": ("inputs", "coordinates"),
    "image.perspective_transform": ("images", "start_points=", "end_points="),
    "image.scale_and_translate": ("images", "scale", "translation"),
}
