"""Where a kind stands in the palette."""

from __future__ import annotations

_PACKAGES = {
    "core": "Core",
    "convolutional": "Convolution",
    "pooling": "Pooling",
    "rnn": "Recurrent",
    "normalization": "Normalization",
    "regularization": "Regularization",
    "attention": "Attention",
    "reshaping": "Reshaping",
    "merging": "Merging",
    "activations": "Activation",
    "preprocessing": "Preprocessing",
}

_LAYERS = {
    "Bidirectional": "Wrappers",
    "TimeDistributed": "Wrappers",
    "SpectralNormalization": "Wrappers",
    "Wrapper": "Wrappers",
    "Pipeline": "Wrappers",
    "Resizing": "Preprocessing",
    "CenterCrop": "Preprocessing",
    "MaxNumBoundingBoxes": "Preprocessing",
}

_MODULES = {"image": "Operations: images", "linalg": "Operations: linear algebra", "nn": "Operations: networks"}

_OPS: dict[str, str] = {
    "Operations: reduce": """
        all allclose amax amin any argmax argmin average bincount corrcoef count_nonzero histogram logsumexp max mean
        median min moments nanargmax nanargmin nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile
        nanstd nansum nanvar norm percentile prod ptp quantile segment_max segment_min segment_prod segment_sum std
        sum trace trapezoid var""",
    "Operations: compare": """
        bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor equal
        greater greater_equal in_top_k isclose isfinite isin isinf isnan isneginf isposinf isreal left_shift less
        less_equal logical_and logical_not logical_or logical_xor not_equal right_shift select signbit where""",
    "Operations: shape": """
        append array_split broadcast_to concatenate copy diag diagflat diagonal dsplit dstack expand_dims
        extract_sequences flip fliplr flipud fold get_item hsplit hstack meshgrid moveaxis pad ravel rearrange repeat
        reshape roll rot90 scatter scatter_update slice slice_update split squeeze stack swapaxes take
        take_along_axis tile transpose tril triu unfold unstack vander view vsplit vstack space_to_depth
        depth_to_space""",
    "Operations: sort": "argpartition argsort digitize searchsorted sort top_k unique nonzero unravel_index",
    "Operations: linear algebra": "cdist cross dot einsum inner kron logdet matmul outer slogdet tensordot vdot",
    "Operations: signals": "correlate fft fft2 ifft2 irfft istft rfft stft",
    "Operations: types": """
        array cast convert_to_numpy convert_to_tensor dtype is_tensor ndim saturate_cast shape size stop_gradient
        view_as_complex view_as_real""",
    "Operations: make": """
        arange bartlett blackman empty empty_like eye full full_like geomspace hamming hanning identity kaiser
        linspace logspace ones ones_like tri zeros zeros_like""",
    "Operations: control": """
        associative_scan cond custom_gradient fori_loop jvp map scan switch vectorize vectorized_map while_loop""",
}
_FAMILY_OF_OP = {name: family for family, names in _OPS.items() for name in names.split()}


def of_layer(name: str, module: str) -> str:
    """The family of a layer, from the package in which Keras keeps it."""
    if name in _LAYERS:
        return _LAYERS[name]
    if ".image_preprocessing." in module:
        return "Augmentation"
    parts = module.split(".")
    return _PACKAGES.get(parts[3], "Core") if parts[2] == "layers" and len(parts) > 3 else "Core"


def of_op(path: str, module: str) -> str:
    """The family of an operation; what no table names is maths."""
    return _FAMILY_OF_OP.get(path) or _MODULES.get(module.rsplit(".", 1)[-1], "Operations: maths")
