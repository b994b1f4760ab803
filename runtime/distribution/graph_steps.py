"""The graph functions of a run: those of one device, of the replicas of the present strategy, of a chief, or of JAX."""

from __future__ import annotations

import keras
import tensorflow as tf

from ...compiler.device_options import JAX
from ..train_steps import TrainSteps
from .team import present


def graph_steps(model: keras.Model) -> TrainSteps:
    """The steps of a compiled and built model, by the strategy in whose scope this is called."""
    if keras.backend.backend() == JAX:
        from .jax_steps import JaxSteps

        return JaxSteps(model, model.optimizer)
    if tf.distribute.get_strategy().num_replicas_in_sync == 1:
        return TrainSteps(model, model.optimizer)
    from .led_steps import LedSteps
    from .replicated_steps import ReplicatedSteps

    team = present()
    if team is not None and team.lead is not None:
        return LedSteps(model, model.optimizer, team.lead)
    return ReplicatedSteps(model, model.optimizer)
