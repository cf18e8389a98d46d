"""EfficientNet-Lite, the default network for frames of videos.

EfficientNet (Tan and Le, 2019) with ReLU6 and without squeeze-and-excitation, up to its last
pooling. Its weights are those of ImageNet; a package of the extra `video` has them.
"""

import math
from dataclasses import dataclass

import keras
from keras import layers

from rnnzoo.sequences.networks.efficientnet_weights import keras_weights, weights_file
from rnnzoo.sequences.networks.frame_network import FrameNetwork
from rnnzoo.sequences.networks.names import DEFAULT, LITE0, LITE2

# (factor of expansion, channels, blocks, stride, kernel) of each stage, before scaling.
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
STEM, HEAD = 32, 1280  # channels, of every variant
EPSILON = 1e-3  # of batch normalization
PIXELS = (-127 / 128, 1.0)  # (RGB - 127) / 128


@dataclass(frozen=True)
class Variant:
    """A size of the network.

    Args:
        name: str, by which models name it.
        size: int, pixels on each side of a frame.
        width: float, factor of the channels of the stages.
        depth: float, factor of the blocks of all stages but the first and the last.
    """

    name: str
    size: int
    width: float
    depth: float

    def channels(self, count):
        """`count`, scaled to a multiple of 8 that is not below nine tenths of the product."""
        scaled = count * self.width
        rounded = max(8, int(scaled + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * scaled else rounded

    def stages(self):
        """`STAGES`, scaled."""
        for i, (expansion, channels, blocks, stride, kernel) in enumerate(STAGES):
            inner = 0 < i < len(STAGES) - 1
            blocks = math.ceil(self.depth * blocks) if inner else blocks
            yield expansion, self.channels(channels), blocks, stride, kernel


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant(LITE0, 224, 1.0, 1.0),
        Variant(LITE2, 260, 1.1, 1.2),
    )
}


def efficientnet_lite(name=DEFAULT, file=None):
    """EfficientNet-Lite with the weights of ImageNet, frames to 1,280 features.

    Args:
        name: str, a name in `VARIANTS`: `"EfficientNet-Lite2"` for frames of 260 x 260 pixels, or
            `"EfficientNet-Lite0"` for 224 x 224 and half the operations.
        file: path of the file of weights; None for that of the installed package, or of the same
            name in `RNNZOO_DATA_DIR` or its folder `cnn`.

    Returns:
        `FrameNetwork`.

    Raises:
        InputError: the weights are not installed, or the file holds others.
    """
    weights = keras_weights(name, weights_file(name) if file is None else file)
    model = efficientnet_model(VARIANTS[name])
    model.set_weights(weights)
    return FrameNetwork(model, PIXELS, name=name)


def efficientnet_model(variant):
    """The network, with random weights.

    Args:
        variant: `Variant`.

    Returns:
        `keras.Model`, float32 (batch, size, size, 3) -> (batch, 1280).
    """
    frames = keras.Input((variant.size, variant.size, 3), name="frames")
    x = _normalized(_convolution(STEM, 3, stride=2)(frames))
    for expansion, channels, blocks, stride, kernel in variant.stages():
        for block in range(blocks):
            x = _inverted_residual(x, expansion, channels, kernel, stride if block == 0 else 1)
    x = _normalized(_convolution(HEAD)(x))
    return keras.Model(frames, layers.GlobalAveragePooling2D()(x))


def _inverted_residual(x, expansion, channels, kernel, stride):
    """Expands, convolves each channel by itself, and projects; adds the input of equal shape."""
    y = x
    if expansion > 1:
        y = _normalized(_convolution(x.shape[-1] * expansion)(y))
    depthwise = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False)
    y = _normalized(depthwise(y))
    y = layers.BatchNormalization(epsilon=EPSILON)(_convolution(channels)(y))
    return layers.Add()([x, y]) if stride == 1 and x.shape == y.shape else y


def _convolution(channels, kernel=1, stride=1):
    return layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False)


def _normalized(x):
    return layers.ReLU(6)(layers.BatchNormalization(epsilon=EPSILON)(x))
