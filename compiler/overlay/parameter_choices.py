"""Arguments that take one of a few words, with those that Keras accepts (on the TensorFlow backend)."""

from __future__ import annotations

from typing import Any


def _choice(*words: Any, nullable: bool = False) -> dict[str, Any]:
    fields: dict[str, Any] = {"type": "choice", "choices": words}
    return fields | {"nullable": True} if nullable else fields


_RESIZING = _choice("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5")
_SAMPLING = _choice("nearest", "bilinear")
_FILLING = _choice("reflect", "constant", "nearest", "wrap")
_PADDING = _choice("valid", "same")
_CODED = _choice("int", "one_hot", "multi_hot", "count")
_LOOKED_UP = _choice("int", "one_hot", "multi_hot", "count", "tf_idf")
_QUANTILE = _choice("linear", "lower", "higher", "midpoint", "nearest")
_REDUCTION = _choice("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", nullable=True)
_DIRECTION = _choice("auto", "min", "max")

CHOICES: dict[tuple[str, str], dict[str, Any]] = {
    ("*", "data_format"): _choice("channels_last", "channels_first"),
    ("*", "window"): _choice("hann", "hamming", nullable=True),
    ("*", "scaling"): _choice("density", "spectrum", nullable=True),
    ("*", "reduction"): _REDUCTION,
    ("*Conv*", "padding"): _PADDING,
    ("*Pooling?D", "padding"): _PADDING,
    ("Conv1D", "padding"): _choice("valid", "same", "causal"),
    ("STFTSpectrogram", "padding"): _PADDING,
    ("STFTSpectrogram", "mode"): _choice("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
    ("Attention", "score_mode"): _choice("dot", "concat"),
    ("Bidirectional", "merge_mode"): _choice("concat", "sum", "mul", "ave", nullable=True),
    ("GRU", "use_cudnn"): _choice("auto", True, False),
    ("LSTM", "use_cudnn"): _choice("auto", True, False),
    ("UpSampling2D", "interpolation"): _RESIZING,
    ("Resizing", "interpolation"): _RESIZING,
    ("Resizing", "fill_mode"): _choice("constant"),
    ("AugMix", "interpolation"): _SAMPLING,
    ("RandAugment", "interpolation"): _SAMPLING,
    ("Random*", "interpolation"): _SAMPLING,
    ("Random*", "fill_mode"): _FILLING,
    ("RandomFlip", "mode"): _choice("horizontal_and_vertical", "horizontal", "vertical"),
    ("CategoryEncoding", "output_mode"): _choice("multi_hot", "one_hot", "count"),
    ("Discretization", "output_mode"): _CODED,
    ("Hashing", "output_mode"): _CODED,
    ("HashedCrossing", "output_mode"): _choice("int", "one_hot"),
    ("IntegerLookup", "output_mode"): _LOOKED_UP,
    ("StringLookup", "output_mode"): _LOOKED_UP,
    ("TextVectorization", "output_mode"): _choice("int", "multi_hot", "count", "tf_idf"),
    ("TextVectorization", "standardize"): _choice(
        "lower_and_strip_punctuation", "lower", "strip_punctuation", nullable=True
    ),
    ("TextVectorization", "split"): _choice("whitespace", "character", nullable=True),
    ("IntegerLookup", "oov_method"): _choice("floormod", "farmhash"),
    ("ops.*pool", "padding"): _PADDING,
    ("ops.*conv", "padding"): _PADDING,
    ("ops.conv_transpose", "padding"): _PADDING,
    ("ops.image.extract_patches*", "padding"): _PADDING,
    ("ops.image.resize", "interpolation"): _RESIZING,
    ("ops.image.resize", "fill_mode"): _choice("constant"),
    ("ops.image.*_transform", "interpolation"): _SAMPLING,
    ("ops.image.*_transform", "fill_mode"): _FILLING,
    ("ops.image.map_coordinates", "fill_mode"): _choice("constant", "nearest", "wrap", "mirror", "reflect"),
    ("ops.image.scale_and_translate", "method"): _choice("linear", "cubic", "lanczos3", "lanczos5")
    | {"suggested": "linear"},
    ("ops.*quantile", "method"): _QUANTILE,
    ("ops.*percentile", "method"): _QUANTILE,
    ("ops.correlate", "mode"): _choice("valid", "same", "full"),
    ("ops.pad", "mode"): _choice("constant", "reflect", "symmetric"),
    ("ops.qr", "mode"): _choice("reduced", "complete"),
    ("ops.meshgrid", "indexing"): _choice("xy", "ij"),
    ("ops.searchsorted", "side"): _choice("left", "right"),
    ("ops.ctc_decode", "strategy"): _choice("greedy", "beam_search"),
    ("ops.scatter_update", "reduction"): _choice("add", "max", "min", "mul", nullable=True),
    ("metrics.AUC", "curve"): _choice("ROC", "PR"),
    ("metrics.AUC", "summation_method"): _choice("interpolation", "minoring", "majoring"),
    ("metrics.F*Score", "average"): _choice("micro", "macro", "weighted", nullable=True),
    ("metrics.R2Score", "class_aggregation"): _choice("uniform_average", "variance_weighted_average", nullable=True),
    ("initializers.VarianceScaling", "mode"): _choice("fan_in", "fan_out", "fan_avg"),
    ("initializers.VarianceScaling", "distribution"): _choice("truncated_normal", "untruncated_normal", "uniform"),
    ("initializers.STFT", "side"): _choice("real", "imag"),
    ("regularizers.OrthogonalRegularizer", "mode"): _choice("rows", "columns"),
    ("callbacks.*", "mode"): _DIRECTION,
    ("applications.*", "pooling"): _choice("avg", "max", nullable=True),
}
