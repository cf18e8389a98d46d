"""Frames of discs, drawn so that a gradient passes."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class DrawnDiscs(keras.layers.Layer):
    """Draws discs with soft edges; their radius and how sharp the edges are are learned.

        y = 1 - Π (1 - sigmoid(exp(s) (r - d_i)))

    over all discs that there are, with d_i the distance of a pixel's centre from that of disc i.

    Args:
        size: pair (height, width), pixels.
        objects: int, discs.
        radius: float, pixels, at first.
        sharpness: float, s at first.

    Call arguments:
        inputs: array (batch, time, objects * 3), as `DiscFinder` returns.

    Returns:
        Array (batch, time, height, width), 0 to 1.

    Example:

    >>> import numpy as np
    >>> from rnnzoo.layers.discs.drawing import DrawnDiscs
    >>> layer = DrawnDiscs((5, 5), objects=1, radius=1.5, sharpness=3.0)
    >>> frame = layer(np.array([[[2.5, 2.5, 1]]]))
    >>> np.round(np.asarray(frame)[0, 0]).astype(int)
    array([[0, 0, 0, 0, 0],
           [0, 1, 1, 1, 0],
           [0, 1, 1, 1, 0],
           [0, 1, 1, 1, 0],
           [0, 0, 0, 0, 0]])
    """

    def __init__(self, size, objects, radius, sharpness=0.7, **kwargs):
        super().__init__(**kwargs)
        self.size, self.objects = tuple(size), objects
        self.first = {"radius": radius, "sharpness": sharpness}

    def build(self, input_shape):
        """The radius and the sharpness."""
        self.radius, self.sharpness = (
            self.add_weight(shape=(), initializer=keras.initializers.Constant(value), name=name)
            for name, value in self.first.items()
        )
        super().build(input_shape)

    def call(self, inputs):
        """All frames at once."""
        rows, columns = (np.arange(size, dtype="float32") + 0.5 for size in self.size)
        empty = 1.0
        for at in range(0, self.objects * 3, 3):
            x, y, there = (inputs[..., at + i, None, None] for i in range(3))
            # The small number keeps the slope at a disc's centre finite.
            distance = ops.sqrt((x - columns) ** 2 + (y - rows[:, None]) ** 2 + 1e-6)
            lit = ops.sigmoid(ops.exp(self.sharpness) * (self.radius - distance))
            empty = empty * (1 - lit * there)
        return 1 - empty

    def compute_output_shape(self, input_shape):
        """Frames."""
        return (*input_shape[:2], *self.size)

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "size": list(self.size),
            "objects": self.objects,
            **self.first,
        }
