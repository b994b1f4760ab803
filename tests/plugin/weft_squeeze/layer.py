"""The layer itself: an ordinary Keras layer that knows nothing of Weftwork."""

from __future__ import annotations

import keras


@keras.saving.register_keras_serializable(package="weft_squeeze")
class SqueezeExcite(keras.layers.Layer):
    """Weighs the channels of an image by what the whole image holds.

    Shapes: (batch, height, width, channels) stays as it is.
    Source: Hu, Shen and Sun, Squeeze-and-Excitation Networks, arXiv 1709.01507.
    """

    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, input_shape):
        channels = input_shape[-1]
        self.squeeze = keras.layers.Dense(channels // self.ratio, activation="relu")
        self.excite = keras.layers.Dense(channels, activation="sigmoid")
        self.squeeze.build((None, channels))
        self.excite.build((None, channels // self.ratio))

    def call(self, inputs):
        weights = self.excite(self.squeeze(keras.ops.mean(inputs, axis=(1, 2))))
        return inputs * keras.ops.expand_dims(weights, (1, 2))

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio}
