"""Networks over pictures and volumes, as the documented examples of Keras build them."""

from __future__ import annotations

import keras
from keras import layers, ops


def mnist_convnet() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(4, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(8, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def u_net() -> keras.Model:
    picture = keras.Input((16, 16, 3))
    x, skips = picture, []
    for filters in (4, 8):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        skips.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    for filters, skip in zip((8, 4), reversed(skips), strict=True):
        x = layers.Conv2DTranspose(filters, 2, 2, padding="same")(x)
        x = layers.concatenate([x, skip])
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return keras.Model(picture, layers.Conv2D(2, 1, padding="same", activation="softmax")(x))


def u_net_of_xception_blocks() -> keras.Model:
    picture = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(picture)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    previous = x
    for filters in (6, 8):
        for _ in range(2):
            x = layers.Activation("relu")(x)
            x = layers.BatchNormalization()(layers.SeparableConv2D(filters, 3, padding="same")(x))
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        previous = x = layers.add([x, layers.Conv2D(filters, 1, strides=2, padding="same")(previous)])
    for filters in (8, 4, 4):
        x = layers.BatchNormalization()(
            layers.Conv2DTranspose(filters, 3, padding="same")(layers.Activation("relu")(x))
        )
        x = layers.UpSampling2D(2)(x)
        previous = x = layers.add([x, layers.Conv2D(filters, 1, padding="same")(layers.UpSampling2D(2)(previous))])
    return keras.Model(picture, layers.Conv2D(3, 3, activation="softmax", padding="same")(x))


def autoencoder() -> keras.Model:
    picture = keras.Input((8, 8, 1))
    x = layers.MaxPooling2D((2, 2), padding="same")(
        layers.Conv2D(4, (3, 3), activation="relu", padding="same")(picture)
    )
    x = layers.Conv2DTranspose(4, (3, 3), strides=2, activation="relu", padding="same")(x)
    return keras.Model(picture, layers.Conv2D(1, (3, 3), activation="sigmoid", padding="same")(x))


def variational_autoencoder() -> keras.Model:
    picture = keras.Input((8, 8, 1))
    x = layers.Conv2D(4, 3, activation="relu", strides=2, padding="same")(picture)
    x = layers.Dense(8, activation="relu")(layers.Flatten()(x))
    mean, spread = layers.Dense(2, name="z_mean")(x), layers.Dense(2, name="z_log_var")(x)
    encoder = keras.Model(picture, [mean, spread], name="encoder")
    code = keras.Input((2,))
    y = layers.Reshape((4, 4, 4))(layers.Dense(4 * 4 * 4, activation="relu")(code))
    y = layers.Conv2DTranspose(1, 3, activation="sigmoid", strides=2, padding="same")(y)
    decoder = keras.Model(code, y, name="decoder")
    given = keras.Input((8, 8, 1))
    first, second = encoder(given)
    return keras.Model(given, [decoder(first + ops.exp(0.5 * second)), first, second], name="vae")


def siamese() -> keras.Model:
    tower = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.BatchNormalization(),
            layers.Conv2D(4, (5, 5), activation="tanh"),
            layers.AveragePooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dense(4, activation="tanh"),
        ],
        name="tower",
    )
    one, two = keras.Input((8, 8, 1), name="one"), keras.Input((8, 8, 1), name="two")
    total = ops.sum(ops.square(tower(one) - tower(two)), axis=1, keepdims=True)
    apart = ops.sqrt(ops.maximum(total, keras.config.epsilon()))
    return keras.Model([one, two], layers.Dense(1, activation="sigmoid")(layers.BatchNormalization()(apart)))


def triplet() -> keras.Model:
    given = keras.Input((6,))
    tower = keras.Model(given, layers.Dense(3)(layers.Dense(5, activation="relu")(given)), name="tower")
    a, p, n = (keras.Input((6,), name=name) for name in ("anchor", "positive", "negative"))
    ea, ep, en = tower(a), tower(p), tower(n)
    return keras.Model([a, p, n], (ops.sum((ea - ep) ** 2, -1), ops.sum((ea - en) ** 2, -1)))


def super_resolution() -> keras.Model:
    picture = keras.Input((None, None, 1))
    x = layers.Conv2D(6, 5, activation="relu", padding="same", kernel_initializer="orthogonal")(picture)
    x = layers.Conv2D(4, 3, activation="relu", padding="same", kernel_initializer="orthogonal")(x)
    x = layers.Reshape((4, 4, 2, 2, 1))(layers.Resizing(4, 4)(x))
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return keras.Model(picture, layers.Reshape((8, 8, 1))(x))


def inception_blocks() -> keras.Model:
    x = picture = keras.Input((12, 12, 3))
    for filters in (2, 3):
        one = layers.Conv2D(filters, 1, activation="relu")(x)
        three = layers.Conv2D(filters, 3, padding="same")(layers.Conv2D(2, 1)(x))
        pool = layers.Conv2D(filters, 1)(layers.MaxPooling2D(3, strides=1, padding="same")(x))
        x = layers.concatenate([one, three, pool], axis=-1)
    return keras.Model(picture, layers.GlobalMaxPooling2D()(x))


def dense_blocks() -> keras.Model:
    x = picture = keras.Input((8, 8, 3))
    for _ in range(3):
        y = layers.Conv2D(4, 1, use_bias=False)(layers.ReLU()(layers.BatchNormalization()(x)))
        x = layers.Concatenate()([x, layers.Conv2D(2, 3, padding="same", use_bias=False)(y)])
    return keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))


def depthwise_and_dilated() -> keras.Model:
    picture = keras.Input((10, 10, 4))
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same")(picture)
    x = layers.Conv2D(8, 3, dilation_rate=(2, 2), groups=2, padding="same")(x)
    x = layers.ZeroPadding2D(((1, 0), (0, 2)))(x)
    x = layers.Cropping2D(((1, 1), (2, 0)))(x)
    return keras.Model(picture, layers.PReLU(shared_axes=[1, 2])(x))


def volumes() -> keras.Model:
    volume = keras.Input((8, 8, 8, 1))
    x = layers.Conv3D(2, 3, activation="relu")(volume)
    x = layers.MaxPool3D(2)(layers.BatchNormalization()(x))
    x = layers.Conv3DTranspose(2, 2, strides=2)(layers.ZeroPadding3D(1)(x))
    return keras.Model(volume, layers.Dense(1, activation="sigmoid")(layers.GlobalAveragePooling3D()(x)))


def augmented_pictures() -> keras.Model:
    augment = keras.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom((-0.1, 0.1))], name="augment"
    )
    picture = keras.Input((8, 8, 3))
    x = layers.Rescaling(1.0 / 255)(augment(picture))
    return keras.Model(picture, layers.Dense(2)(layers.Flatten()(x)))


def feature_pyramid() -> keras.Model:
    picture = keras.Input((16, 16, 3))
    c1 = layers.Conv2D(4, 3, 2, padding="same")(picture)
    c2 = layers.Conv2D(8, 3, 2, padding="same")(c1)
    c3 = layers.Conv2D(8, 3, 2, padding="same")(c2)
    p3 = layers.Conv2D(4, 1)(c3)
    p2 = layers.Conv2D(4, 1)(c2) + layers.UpSampling2D(2, interpolation="bilinear")(p3)
    p1 = c1 + layers.UpSampling2D(2)(p2)
    head = keras.Sequential(
        [
            keras.Input((None, None, 4)),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.Conv2D(2, 3, padding="same"),
        ],
        name="head",
    )
    boxes = [layers.Reshape((-1, 2))(head(level)) for level in (p1, p2, p3)]
    return keras.Model(picture, layers.Concatenate(axis=1)(boxes))


def generator_and_discriminator() -> keras.Model:
    generator = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(4 * 4 * 2),
            layers.Reshape((4, 4, 2)),
            layers.Conv2DTranspose(4, kernel_size=4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(1, kernel_size=5, padding="same", activation="sigmoid"),
        ],
        name="generator",
    )
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.SpectralNormalization(layers.Conv2D(4, kernel_size=4, strides=2, padding="same")),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ],
        name="discriminator",
    )
    noise = keras.Input((6,), name="noise")
    return keras.Model(noise, discriminator(generator(noise)), name="gan")


def frozen_part() -> keras.Model:
    inner = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.BatchNormalization()], name="base")
    inner.trainable = False
    picture = keras.Input((8, 8, 3))
    x = layers.GlobalAveragePooling2D()(inner(picture, training=False))
    return keras.Model(picture, layers.Dense(2, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02))(x))


def several_heads_of_one_base() -> keras.Model:
    picture = keras.Input((12, 12, 3), name="picture")
    base = keras.applications.MobileNetV3Small(
        include_top=False, weights=None, input_shape=(32, 32, 3), minimalistic=True, alpha=0.35
    )
    x = layers.GlobalAveragePooling2D()(base(layers.Resizing(32, 32)(picture)))
    return keras.Model(picture, {"kind": layers.Dense(3, name="kind")(x), "place": layers.Dense(4, name="place")(x)})


MODELS = (
    *(mnist_convnet, u_net, u_net_of_xception_blocks, autoencoder, variational_autoencoder, siamese, triplet),
    *(super_resolution, inception_blocks, dense_blocks, depthwise_and_dilated, volumes, augmented_pictures),
    *(feature_pyramid, generator_and_discriminator, frozen_part, several_heads_of_one_base),
)
