"""Widgets, ranges and choices of arguments: by name, and for single owners where the name misleads.

An owner is a layer (`Conv1D`), an operation (`ops.pad`) or an entry (`metrics.AUC`). `suggested` is what a required
argument has in a node fresh from the palette. A number or a range of two numbers stays `json`.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from .own_types import BY_OWNER
from .parameter_choices import CHOICES
from .widgets import AXIS, BOOL, COUNT, FLOAT, INTS, NATURAL, POSITIVE, SHAPE, SHARE, SIZES, TEXT, Fields


def _each(names: str, fields: Fields) -> dict[str, Fields]:
    return dict.fromkeys(names.split(), fields)


BY_NAME: dict[str, Fields] = {
    **_each("units filters input_dim output_dim", COUNT | {"suggested": 32}),
    **_each("kernel_size", SIZES | {"suggested": 3}),
    **_each("pool_size output_size", SIZES | {"suggested": 2}),
    **_each("strides dilation_rate size stride dilation", SIZES),
    **_each("output_padding padding", SIZES | {"minimum": 0}),
    **_each("groups depth_multiplier chain_depth num_chains num_mel_bins power_iterations", COUNT),
    **_each("sequence_length sequence_stride frame_length frame_step fft_length sampling_rate num_ops", COUNT),
    **_each("num_heads num_query_heads num_key_value_heads", COUNT | {"suggested": 4}),
    **_each("key_dim head_dim", COUNT | {"suggested": 32}),
    **_each("value_dim lora_rank sliding_window num_bins num_tokens max_tokens gptq_unpacked_column_size", COUNT),
    **_each("output_sequence_length num_oov_indices bins num_classes num_segments num top_k beam_width", COUNT),
    **_each("n k block_size top_paths filter_size batch_size", COUNT),
    **_each("height width target_height target_width max_number", COUNT | {"suggested": 32}),
    **_each("top_cropping left_cropping bottom_cropping right_cropping", NATURAL),
    **_each("top_padding left_padding bottom_padding right_padding minlength length", NATURAL),
    **_each("patience cooldown start_from_epoch warmup_steps verbose class_id ignore_class", NATURAL),
    **_each("axis axisa axisb axisc axis1 axis2", AXIS),
    **_each("axes shared_axes attention_axes dims", AXIS),
    **_each("seed", {"type": "int"}),
    **_each("dtype reverse_dtype vocabulary_dtype", {"type": "dtype"}),
    **_each("activation recurrent_activation classifier_activation", {"type": "activation"}),
    **_each("layer backward_layer cell", {"type": "layer"}),
    **_each("layers cells", {"type": "layers"}),
    **_each("learning_rate", {"type": "schedule", "minimum": 0.0}),
    **_each("inner_optimizer default_optimizer", {"type": "optimizer"}),
    **_each("rate dropout recurrent_dropout dropout_rate label_smoothing momentum renorm_momentum", SHARE),
    **_each("beta_1 beta_2 rho ema_momentum threshold_probability", SHARE),
    **_each("epsilon stddev weight_decay clipnorm clipvalue global_clipnorm min_power ref_power sigma", POSITIVE),
    **_each("l1 l2 loss_scale_factor top_db min_freq max_freq mag_exp logit_soft_cap lora_alpha", POSITIVE),
    **_each("scale", FLOAT),
    **_each("initial_learning_rate decay_rate end_learning_rate warmup_target min_lr", POSITIVE),
    **_each("decay_steps first_decay_steps", COUNT | {"suggested": 1000}),
    **_each("gradient_accumulation_steps ema_overwrite_frequency dynamic_growth_steps ns_steps", COUNT),
    **_each("min_delta baseline initial_value_threshold max_value min_value max_val tol rcond", FLOAT),
    **_each("alpha beta gamma delta margin threshold x_min x_max negative_slope adam_lr_ratio q", FLOAT),
    **_each("posinf neginf initial dx default_value attn_logits_soft_cap", FLOAT),
    **_each("precision recall sensitivity specificity", SHARE | {"suggested": 0.5}),
    **_each("num_labels num_thresholds", COUNT),
    **_each("target_class_ids", INTS | {"suggested": [0]}),
    **_each("noise_shape target_shape output_shape input_shape shape newshape", SHAPE),
    **_each("flash_attention raise_error", BOOL),
    **_each("equation subscripts pattern bias_axes encoding filepath filename directory backup_dir monitor", TEXT),
    **_each("name call_endpoint call_training_endpoint", TEXT),
    **_each("bin_boundaries boundaries values", {"type": "json"}),
}

_ENDINGS = (
    (re.compile(r"(^|_)initializer$"), {"type": "initializer"}),
    (re.compile(r"(^|_)regularizer$"), {"type": "regularizer"}),
    (re.compile(r"(^|_)constraint$"), {"type": "constraint"}),
)


def for_argument(owner: str, name: str) -> Fields:
    """The fields of a Parameter that the overlay sets for this argument; later entries of a table win."""
    found: Fields = {}
    for ending, fields in _ENDINGS:
        if ending.search(name):
            return fields
    found |= BY_NAME.get(name, {})
    found |= CHOICES.get(("*", name), {})
    for table in (BY_OWNER, CHOICES):
        for (owners, names), fields in table.items():
            if owners != "*" and fnmatchcase(owner, owners) and fnmatchcase(name, names):
                # Another type brings its own range: what the name alone promised no longer holds.
                found = fields if "type" in fields else found | fields
    return found
