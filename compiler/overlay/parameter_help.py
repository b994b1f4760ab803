"""Sentences about arguments that many kinds share, written once for all of them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from .own_help import BY_OWNER

BY_NAME: dict[str, str] = {
    "activation": "Function applied to the result; none leaves it as it is.",
    "activity_regularizer": "Penalty on this layer's output, added to the loss.",
    "amsgrad": "Whether to keep the largest second moment seen so far.",
    "antialias": "Whether to smooth before making smaller.",
    "autocast": "Whether inputs are cast to the layer's own number type.",
    "axis": "Axis along which it works; -1 is the last one.",
    "beta_1": "How slowly the average of gradients forgets.",
    "beta_2": "How slowly the average of squared gradients forgets.",
    "cell": "The recurrent cell that is called at every step.",
    "center": "Whether to add a learned offset.",
    "classes": "Number of classes, where the model's own top is included.",
    "classifier_activation": "Function of the last layer, where the model's own top is included.",
    "clipnorm": "Largest norm that a single weight's gradient may have.",
    "clipvalue": "Largest value that an element of a gradient may have.",
    "data_format": "Where the channel axis stands: last, or first after the batch axis.",
    "decay_steps": "Number of steps over which the rate decays.",
    "depth_multiplier": "Number of results for each input channel.",
    "dilation_rate": "Distance between the points of the window; 1 leaves no gaps.",
    "dropout": "Share of the inputs that training sets to zero.",
    "dtype": "Number type or precision policy in which it computes.",
    "ema_momentum": "How slowly the running average of the weights forgets.",
    "ema_overwrite_frequency": "After how many steps the running average replaces the weights.",
    "epsilon": "Small number that keeps a division from going wrong.",
    "fill_mode": "What fills the places that come from outside the image.",
    "fill_value": "The value that fills, where the fill mode is constant.",
    "filters": "Number of output channels, each with a window of its own.",
    "flash_attention": "Whether to use the faster attention; null lets Keras decide.",
    "from_logits": "Whether predictions are raw scores, before softmax or sigmoid.",
    "global_clipnorm": "Largest norm that all gradients together may have.",
    "go_backwards": "Whether to read the sequence from its end.",
    "gradient_accumulation_steps": "Number of batches whose gradients make one step.",
    "groups": "Number of groups of channels that are worked on apart.",
    "height": "Height of the result in pixels.",
    "include_preprocessing": "Whether the model rescales its inputs itself.",
    "include_top": "Whether to include the model's own classifier.",
    "initial_learning_rate": "Learning rate at the first step.",
    "input_shape": "Shape of one example, where the top is left out.",
    "interpolation": "How values between pixels are found.",
    "keepdims": "Whether axes that are reduced stay, with length 1.",
    "kernel_size": "Size of the window: one number, or one for each axis.",
    "label_smoothing": "How far labels are moved from certain towards undecided.",
    "layer": "The layer that is wrapped.",
    "layers": "The layers, in the order in which they are called.",
    "learning_rate": "Size of a step: a number, or a schedule.",
    "lora_alpha": "Scale of the low-rank update.",
    "lora_rank": "Rank of a low-rank update that is trained instead of the weights.",
    "loss_scale_factor": "Factor on the loss against underflow in low precision.",
    "mask_zero": "Whether the number 0 means padding, which later layers ignore.",
    "momentum": "How slowly the running average forgets.",
    "name": "Name under which it is reported.",
    "nesterov": "Whether to look ahead with Nesterov's momentum.",
    "noise_shape": "Shape of the random mask; axes of length 1 share it.",
    "num_classes": "Number of classes.",
    "num_heads": "Number of attention heads.",
    "output_dim": "Length of each vector.",
    "output_padding": "Size added to one side of the result.",
    "output_size": "Size of the result along each axis.",
    "padding": "What happens at the border: valid drops windows that stick out, same pads so that sizes stay.",
    "pool_size": "Size of the window: one number, or one for each axis.",
    "pooling": "How feature maps become a vector, where the top is left out.",
    "quantization_config": "How to quantize the weights.",
    "rate": "Share of the values that training drops.",
    "recurrent_activation": "Function of the gates.",
    "recurrent_dropout": "Share of the state that training sets to zero.",
    "reduction": "How the losses of a batch become one number.",
    "renorm": "Whether to use batch renormalization.",
    "reset_after": "Whether the reset gate acts after the product with the state.",
    "return_attention_scores": "Whether to give the attention weights too.",
    "return_sequences": "Whether to give every step's output, not only the last.",
    "return_state": "Whether to give the last state too.",
    "scale": "Whether to multiply by a learned factor.",
    "seed": "Number from which the random numbers follow; null takes a new one.",
    "sparse": "Whether to give a sparse tensor.",
    "staircase": "Whether the rate falls in steps instead of smoothly.",
    "stateful": "Whether a batch goes on from the states of the batch before.",
    "strides": "How far the window moves at a time.",
    "synchronized": "Whether statistics are shared between devices.",
    "trainable": "Whether training changes this layer's weights.",
    "unit_forget_bias": "Whether the forget gate begins open.",
    "units": "Number of outputs.",
    "unroll": "Whether to unroll the loop over steps: faster, but needs more memory.",
    "use_bias": "Whether to add a learned offset.",
    "use_causal_mask": "Whether a row may look only at rows before it.",
    "use_cudnn": "Whether to use cuDNN's recurrent layers.",
    "use_ema": "Whether to keep a running average of the weights.",
    "use_gate": "Whether to gate the result.",
    "value_range": "Lowest and highest value that the images have.",
    "weight_decay": "How strongly weights are pulled towards zero at every step.",
    "weights": "Where the weights come from: null, imagenet, or a file.",
    "width": "Width of the result in pixels.",
    "zero_output_for_mask": "Whether steps that are masked give zeros.",
}

_ENDINGS = (
    (re.compile(r"(?:^|(.*)_)initializer$"), "How {} begins."),
    (re.compile(r"(?:^|(.*)_)regularizer$"), "Penalty on {}, added to the loss."),
    (re.compile(r"(?:^|(.*)_)constraint$"), "Rule that {} has to keep after every step."),
)
_WEIGHTS = {
    "kernel": "the kernel",
    "bias": "the offset",
    "recurrent": "the kernel of the state",
    "depthwise": "the kernel of each channel",
    "pointwise": "the kernel that mixes channels",
    "embeddings": "the table of vectors",
    "beta": "the offset beta",
    "gamma": "the factor gamma",
    "moving_mean": "the running mean",
    "moving_variance": "the running variance",
    "alpha": "the slope",
}


def for_argument(owner: str, name: str) -> str:
    """The sentence for this argument, or "" when the docstring has to speak."""
    for (owners, names), sentence in BY_OWNER.items():
        if fnmatchcase(owner, owners) and fnmatchcase(name, names):
            return sentence
    if name in BY_NAME:
        return BY_NAME[name]
    for ending, sentence in _ENDINGS:
        if match := ending.search(name):
            return sentence.format(_WEIGHTS.get(match[1], "the weights"))
    return ""
