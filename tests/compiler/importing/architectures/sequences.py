"""Recurrent and convolutional networks over sequences, as the documented examples of Keras build them."""

from __future__ import annotations

import keras
from keras import layers, ops


def lstm_sequence_to_sequence() -> keras.Model:
    given, answer = keras.Input((None, 9), name="encoder"), keras.Input((None, 7), name="decoder")
    _, state_h, state_c = layers.LSTM(6, return_state=True)(given)
    seen, _, _ = layers.LSTM(6, return_sequences=True, return_state=True)(answer, initial_state=[state_h, state_c])
    return keras.Model([given, answer], layers.Dense(7, activation="softmax")(seen))


def gru_with_given_state() -> keras.Model:
    words, state = keras.Input((5, 3), name="words"), keras.Input((4,), name="state")
    seen, last = layers.GRU(4, return_sequences=True, return_state=True, go_backwards=True)(words, initial_state=state)
    return keras.Model({"words": words, "state": state}, {"seen": seen, "last": last})


def two_layers_of_bidirectional_lstm() -> keras.Model:
    words = keras.Input((None,), dtype="int32")
    x = layers.Embedding(40, 8)(words)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    x = layers.Bidirectional(layers.LSTM(4))(x)
    return keras.Model(words, layers.Dense(1, activation="sigmoid")(x))


def bidirectional_with_two_layers() -> keras.Model:
    forward = layers.LSTM(4, return_sequences=True, name="there")
    backward = layers.LSTM(4, return_sequences=True, go_backwards=True, activation="relu", name="back")
    return keras.Sequential(
        [
            keras.Input((6, 3)),
            layers.Bidirectional(forward, backward_layer=backward, merge_mode="ave"),
            layers.Dense(2),
        ]
    )


def bidirectional_with_states() -> keras.Model:
    words = keras.Input((5, 3))
    seen, fh, fc, bh, bc = layers.Bidirectional(layers.LSTM(4, return_state=True))(words)
    h, c = layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])
    again = layers.LSTM(8, return_sequences=True)(words, initial_state=[h, c])
    return keras.Model(words, [seen, again])


def convolutional_lstm() -> keras.Model:
    film = keras.Input((3, 8, 8, 1))
    x = layers.ConvLSTM2D(4, (3, 3), padding="same", return_sequences=True, activation="relu")(film)
    x = layers.BatchNormalization()(x)
    x = layers.ConvLSTM2D(2, 1, padding="same", return_sequences=True)(x)
    return keras.Model(film, layers.Conv3D(1, 3, padding="same", activation="sigmoid")(x))


def wavenet() -> keras.Model:
    sound = keras.Input((32, 1))
    x, skips = layers.Conv1D(4, 2, padding="causal")(sound), []
    for rate in (1, 2, 4, 8):
        gate = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(x)
        value = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="tanh")(x)
        z = layers.Conv1D(4, 1)(layers.Multiply()([gate, value]))
        skips.append(z)
        x = layers.Add()([x, z])
    x = layers.Activation("relu")(layers.Add()(skips))
    return keras.Model(sound, layers.Conv1D(3, 1, activation="softmax")(x))


def residual_time_convolution() -> keras.Model:
    series = keras.Input((16, 2))
    x = series
    for filters in (4, 8):
        y = layers.Conv1D(filters, 3, padding="same")(x)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.Conv1D(filters, 3, padding="same")(y)
        x = layers.ReLU()(layers.add([layers.Conv1D(filters, 1)(x), y]))
    return keras.Model(series, layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling1D()(x)))


def masked_series() -> keras.Model:
    series = keras.Input((6, 3))
    x = layers.Masking(mask_value=0.0)(series)
    x = layers.SimpleRNN(4, return_sequences=True)(x)
    x = layers.TimeDistributed(layers.Dense(3))(x)
    return keras.Model(series, layers.GRU(2, reset_after=False)(x))


def stacked_cells() -> keras.Model:
    series = keras.Input((6, 3))
    cells = [layers.LSTMCell(4, recurrent_dropout=0.1), layers.SimpleRNNCell(3), layers.GRUCell(2)]
    out, *states = layers.RNN(cells, return_state=True)(series)
    return keras.Model(series, [out, *keras.tree.flatten(states)])


def memory_network() -> keras.Model:
    story, question = keras.Input((6,), name="story"), keras.Input((4,), name="question")
    encode_m = keras.Sequential([layers.Embedding(12, 5), layers.Dropout(0.3)], name="encode_m")
    encode_c = keras.Sequential([layers.Embedding(12, 4), layers.Dropout(0.3)], name="encode_c")
    encode_q = keras.Sequential([layers.Embedding(12, 5), layers.Dropout(0.3)], name="encode_q")
    asked = encode_q(question)
    match = layers.Softmax(axis=-1)(layers.Dot(axes=(2, 2))([encode_m(story), asked]))
    response = layers.Permute((2, 1))(layers.add([match, encode_c(story)]))
    answer = layers.LSTM(8)(layers.concatenate([response, asked]))
    return keras.Model([story, question], layers.Dense(12, activation="softmax")(answer))


def character_level_text() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((10, 12)),
            layers.LSTM(8, return_sequences=True, unroll=True),
            layers.LSTM(8, unit_forget_bias=False),
            layers.Dense(12, activation="softmax"),
        ]
    )


def addition_of_numbers() -> keras.Model:
    model = keras.Sequential()
    model.add(keras.Input((7, 12)))
    model.add(layers.LSTM(8))
    model.add(layers.RepeatVector(4))
    model.add(layers.LSTM(8, return_sequences=True))
    model.add(layers.Dense(12, activation="softmax"))
    return model


def deep_speech() -> keras.Model:
    spectrogram = keras.Input((None, 12), name="input")
    x = layers.Reshape((-1, 12, 1), name="expand_dims")(spectrogram)
    x = layers.Conv2D(3, [5, 5], strides=[2, 2], padding="same", use_bias=False, name="conv_1")(x)
    x = layers.ReLU(name="relu_1")(layers.BatchNormalization(name="bn_1")(x))
    x = layers.Reshape((-1, x.shape[-2] * x.shape[-1]))(x)
    for i in range(2):
        recurrent = layers.GRU(4, return_sequences=True, reset_after=True, name=f"gru_{i}")
        x = layers.Bidirectional(recurrent, name=f"bidirectional_{i}", merge_mode="concat")(x)
        x = layers.Dropout(0.5)(x)
    return keras.Model(spectrogram, layers.Dense(5, activation="softmax")(x), name="deep_speech")


def last_of_each_sequence() -> keras.Model:
    series = keras.Input((6, 4))
    x = layers.GRU(5, return_sequences=True)(series)
    ends = ops.concatenate([x[:, -1, :], x[:, 0], ops.max(x, axis=1)], axis=-1)
    return keras.Model(series, layers.Dense(2)(ends))


MODELS = (
    *(lstm_sequence_to_sequence, gru_with_given_state, two_layers_of_bidirectional_lstm),
    *(bidirectional_with_two_layers, bidirectional_with_states, convolutional_lstm, wavenet),
    *(
        residual_time_convolution,
        masked_series,
        stacked_cells,
    ),
    *(memory_network, character_level_text, addition_of_numbers),
    *(deep_speech, last_of_each_sequence),
)
