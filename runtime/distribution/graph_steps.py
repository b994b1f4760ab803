"""The graph functions of a run: those of one device, or those of the replicas of the present strategy."""

from __future__ import annotations

import keras
import tensorflow as tf

from ..train_steps import TrainSteps


def graph_steps(model: keras.Model) -> TrainSteps:
    """The steps of a compiled and built model, by the strategy in whose scope this is called."""
    if tf.distribute.get_strategy().num_replicas_in_sync == 1:
        return TrainSteps(model, model.optimizer)
    from .replicated_steps import ReplicatedSteps

    return ReplicatedSteps(model, model.optimizer)
