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
    "Resizing": "Preprocessing",
    "CenterCrop": "Preprocessing",
    "MaxNumBoundingBoxes": "Preprocessing",
}


def of_layer(name: str, module: str) -> str:
    """The family of a layer, from the package in which Keras keeps it."""
    if name in _LAYERS:
        return _LAYERS[name]
    if ".image_preprocessing." in module:
        return "Augmentation"
    parts = module.split(".")
    return _PACKAGES.get(parts[3], "Core") if parts[2] == "layers" and len(parts) > 3 else "Core"


def of_op(name: str, module: str) -> str:
    """The family of an operation."""
    return "Operations: " + module.rsplit(".", 1)[-1]
