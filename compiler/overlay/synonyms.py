"""What people type when they look for a kind, besides its name."""

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split(":") for line in text.strip().splitlines())
    return {name.strip(): tuple(word.strip() for word in words.split(",")) for name, words in rows}


OF_LAYERS = _table("""
    Dense: fc, linear, fully connected, affine, mlp, perceptron, hidden layer
    EinsumDense: einsum layer
    Embedding: word vectors, lookup table, embed
    Identity: pass, skip, nothing
    Masking: mask, padding
    Lambda: function, custom, code
    Conv1D: conv, cnn, convolution, temporal convolution
    Conv2D: conv, cnn, convolution, image filter
    Conv3D: conv, cnn, convolution, video
    Conv1DTranspose: deconv, deconvolution, upconv, transposed convolution
    Conv2DTranspose: deconv, deconvolution, upconv, transposed convolution
    Conv3DTranspose: deconv, deconvolution, upconv, transposed convolution
    SeparableConv1D: sepconv, separable
    SeparableConv2D: sepconv, separable, xception, mobilenet
    DepthwiseConv1D: dwconv, depthwise
    DepthwiseConv2D: dwconv, depthwise, mobilenet
    MaxPooling1D: maxpool, pool, downsample
    MaxPooling2D: maxpool, pool, downsample
    MaxPooling3D: maxpool, pool, downsample
    AveragePooling1D: avgpool, mean pool, pool, downsample
    AveragePooling2D: avgpool, mean pool, pool, downsample
    AveragePooling3D: avgpool, mean pool, pool, downsample
    GlobalMaxPooling1D: gmp, global pool
    GlobalMaxPooling2D: gmp, global pool
    GlobalMaxPooling3D: gmp, global pool
    GlobalAveragePooling1D: gap, global avgpool, global mean
    GlobalAveragePooling2D: gap, global avgpool, global mean
    GlobalAveragePooling3D: gap, global avgpool, global mean
    AdaptiveAveragePooling1D: adaptive avgpool
    AdaptiveAveragePooling2D: adaptive avgpool
    AdaptiveAveragePooling3D: adaptive avgpool
    AdaptiveMaxPooling1D: adaptive maxpool
    AdaptiveMaxPooling2D: adaptive maxpool
    AdaptiveMaxPooling3D: adaptive maxpool
    LSTM: rnn, memory, recurrent, sequence
    GRU: rnn, gated recurrent unit, recurrent, sequence
    SimpleRNN: rnn, elman, recurrent, sequence
    RNN: recurrent, custom cell
    ConvLSTM2D: video, recurrent convolution
    Bidirectional: bilstm, bigru, both ways
    TimeDistributed: per step, apply to every step
    BatchNormalization: bn, batchnorm, batch norm
    LayerNormalization: ln, layernorm, layer norm
    GroupNormalization: gn, groupnorm, instance norm
    RMSNormalization: rmsnorm, rms norm
    UnitNormalization: l2 normalize, unit norm
    SpectralNormalization: spectral norm, gan
    Normalization: standardise, standardize, z-score, scaler
    Dropout: drop, regularise
    SpatialDropout1D: channel dropout
    SpatialDropout2D: channel dropout
    SpatialDropout3D: channel dropout
    GaussianNoise: noise
    GaussianDropout: noise, multiplicative noise
    AlphaDropout: selu dropout
    ActivityRegularization: l1, l2, sparsity
    MultiHeadAttention: mha, self-attention, cross-attention, transformer
    GroupQueryAttention: gqa, grouped query attention, multi-query attention
    Attention: luong, dot attention
    AdditiveAttention: bahdanau
    Reshape: view, resize axes
    Flatten: ravel, to vector
    Permute: transpose, swap axes
    RepeatVector: tile, repeat
    UpSampling1D: upsample, enlarge
    UpSampling2D: upsample, enlarge, nearest neighbour
    UpSampling3D: upsample, enlarge
    ZeroPadding1D: pad
    ZeroPadding2D: pad
    ZeroPadding3D: pad
    Cropping1D: crop, trim
    Cropping2D: crop, trim
    Cropping3D: crop, trim
    Concatenate: concat, join, merge, cat
    Add: sum, plus, residual, skip connection
    Subtract: minus, difference
    Multiply: times, product, gate
    Average: mean, ensemble
    Maximum: max
    Minimum: min
    Dot: dot product, cosine similarity
    Activation: nonlinearity, function
    ReLU: rectifier, relu6
    LeakyReLU: leaky relu
    PReLU: parametric relu
    ELU: exponential linear unit
    Softmax: probabilities, classes
    Rescaling: rescale, divide by 255, scale
    Resizing: resize, image size
    CenterCrop: crop
    TextVectorization: tokenizer, tokenise, bag of words, text
    StringLookup: vocabulary, categories
    IntegerLookup: vocabulary, categories
    CategoryEncoding: one-hot, one hot, multi-hot
    Discretization: bins, buckets, bucketize
    Hashing: hash, hashing trick
    HashedCrossing: feature cross
    STFTSpectrogram: audio, fourier
    MelSpectrogram: audio, mel
    RandomFlip: mirror, flip
    RandomRotation: rotate
    RandomZoom: scale
    RandomTranslation: shift, move
    RandomCrop: crop
    RandomContrast: contrast
    RandomBrightness: brightness
    RandomErasing: cutout
    ContrastLimitedAdaptiveHistogramEqualization: clahe
""")

OF_OPS = _table("""
    add: plus, sum, +
    subtract: minus, -
    multiply: times, product, *
    divide: over, quotient, /
    power: **, exponent
    matmul: matrix product, @
    abs: absolute value, magnitude
    mean: average
    std: standard deviation
    var: variance
    concatenate: concat, cat, join
    expand_dims: unsqueeze, new axis
    get_item: index, slice, []
    take: gather, index
    norm: length, l2
    cast: astype, convert
    stop_gradient: detach
    where: if, choose
    clip: clamp, limit
    split: chunk
    transpose: permute
    logsumexp: softmax denominator
    top_k: topk, largest
    image.resize: scale image
""")
