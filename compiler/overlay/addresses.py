"""Where keras.io describes a kind. What has no page there, or none that can be derived, gets "".

The pages follow scripts/api_master.py of the site's own repository.
"""

from __future__ import annotations

import re

_SITE = "https://keras.io/api/"

_PAGES = {
    "core": "layers/core_layers",
    "convolutional": "layers/convolution_layers",
    "pooling": "layers/pooling_layers",
    "rnn": "layers/recurrent_layers",
    "normalization": "layers/normalization_layers",
    "regularization": "layers/regularization_layers",
    "attention": "layers/attention_layers",
    "reshaping": "layers/reshaping_layers",
    "merging": "layers/merging_layers",
    "activations": "layers/activation_layers",
}
_PREPROCESSING = {
    "TextVectorization": "text",
    "Normalization": "numerical",
    "Discretization": "numerical",
    "CategoryEncoding": "categorical",
    "Hashing": "categorical",
    "HashedCrossing": "categorical",
    "StringLookup": "categorical",
    "IntegerLookup": "categorical",
    "Resizing": "image_preprocessing",
    "Rescaling": "image_preprocessing",
    "CenterCrop": "image_preprocessing",
    "MelSpectrogram": "audio_preprocessing",
}
_OWN_PAGES = {
    "SpectralNormalization": "layers/preprocessing_layers/numerical/spectral_normalization/",
    "AutoContrast": "layers/preprocessing_layers/image_preprocessing/auto_constrast/",
    "StackedRNNCells": "layers/recurrent_layers/stacked_rnn_cell/",
    "Layer": "layers/base_layer/",
    "InputLayer": "layers/core_layers/input/",
    "PReLU": "layers/activation_layers/prelu/",
    "TorchModuleWrapper": "layers/backend_specific_layers/torch_module_wrapper/",
    "TFSMLayer": "layers/backend_specific_layers/tfsm_layer/",
    "JaxLayer": "layers/backend_specific_layers/jax_layer/",
    "FlaxLayer": "layers/backend_specific_layers/flax_layer/",
}
_WITHOUT_PAGE = {
    *("STFTSpectrogram", "MaxNumBoundingBoxes", "ContrastLimitedAdaptiveHistogramEqualization"),
    *("ReversibleEmbedding", "RMSNormalization", "Wrapper"),
}

_OP_PAGES = {"numpy": "numpy", "nn": "nn", "linalg": "linalg", "core": "core", "image": "image", "math": "core"}
_FOURIER = {"fft", "fft2", "rfft", "stft", "irfft", "istft"}

_REGISTRY_PAGES = {"activations": "layers/activations", "initializers": "layers/initializers"} | {
    name: f"layers/{name}" for name in ("regularizers", "constraints")
}
_SCHEDULES = "optimizers/learning_rate_schedules"
_OWN_NAMES = {"CSVLogger": "csv_logger", "TerminateOnNaN": "terminate_on_nan", "TensorBoard": "tensorboard"} | {
    "ReduceLROnPlateau": "reduce_lr_on_plateau",
    "SwapEMAWeights": "swap_ema_weights",
    "Nadam": "Nadam",
    "LossScaleOptimizer": "loss_scale_optimizer",
}


def of_layer(name: str, module: str) -> str:
    """The page of a layer, or ""."""
    if name in _OWN_PAGES:
        return _SITE + _OWN_PAGES[name]
    if name in _WITHOUT_PAGE or name.startswith("Adaptive"):
        return ""
    page = _page_name(name)
    if ".preprocessing." in module:
        return f"{_SITE}layers/preprocessing_layers/{_PREPROCESSING.get(name, 'image_augmentation')}/{page}/"
    package = module.split(".")[3]
    return f"{_SITE}{_PAGES[package]}/{page}/" if package in _PAGES else ""


def of_op(path: str, module: str) -> str:
    """The place of an operation on the page of its group, or ""."""
    name = path.rsplit(".", 1)[-1]
    group = "fft" if name in _FOURIER else _OP_PAGES.get(module.rsplit(".", 1)[-1])
    return f"{_SITE}ops/{group}/#{name}-function" if group else ""


def of_entry(registry: str, name: str) -> str:
    """The page of a loss, metric, optimizer, …, or "" (losses and metrics stand on pages by theme)."""
    if registry in _REGISTRY_PAGES:
        kind = "function" if registry == "activations" else "class"
        return f"{_SITE}{_REGISTRY_PAGES[registry]}/#{name.lower()}-{kind}"
    if registry == "schedules":
        return f"{_SITE}{_SCHEDULES}/{_page_name(name)}/"
    if registry == "optimizers":
        return f"{_SITE}optimizers/" + ("" if name == "Optimizer" else f"{_OWN_NAMES.get(name, name.lower())}/")
    if registry == "callbacks":
        page = "base_callback" if name == "Callback" else _OWN_NAMES.get(name, _page_name(name))
        return f"{_SITE}callbacks/{page}/"
    if registry in ("losses", "metrics"):
        return f"{_SITE}{registry}/"
    return f"{_SITE}applications/" if registry == "applications" else ""


def _page_name(name: str) -> str:
    name = re.sub(r"Conv(?=\d)", "Convolution", name).replace("ReLU", "Relu")
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\dD)(?=[A-Z])", "_", name).lower()
