"""Differentiable drawing of discs in frames."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class DrawnDiscs(keras.layers.Layer):
    """Draws discs with soft edges, with a trainable radius and sharpness.

        y = 1 - Π (1 - sigmoid(exp(s) (r - d_i)))

    over all present discs, with d_i the distance of a pixel's centre from that of disc i.

    Args:
        size: pair (height, width), pixels.
        objects: int, discs.
        radius: float, initial radius r in pixels.
        sharpness: float, initial s.

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
        self.initial_values = {"radius": radius, "sharpness": sharpness}

    def build(self, input_shape):
        """Creates the radius and the sharpness."""
        self.radius, self.sharpness = (
            self.add_weight(shape=(), initializer=keras.initializers.Constant(value), name=name)
            for name, value in self.initial_values.items()
        )
        super().build(input_shape)

    def call(self, inputs):
        """Draws all frames at once."""
        rows, columns = (np.arange(size, dtype="float32") + 0.5 for size in self.size)
        empty = 1.0
        for i in range(0, self.objects * 3, 3):
            x, y, present = (inputs[..., i + j, None, None] for j in range(3))
            # 1e-6 keeps the derivative at a disc's centre finite.
            distance = ops.sqrt((x - columns) ** 2 + (y - rows[:, None]) ** 2 + 1e-6)
            lit = ops.sigmoid(ops.exp(self.sharpness) * (self.radius - distance))
            empty = empty * (1 - lit * present)
        return 1 - empty

    def compute_output_shape(self, input_shape):
        """(batch, time, height, width)."""
        return (*input_shape[:2], *self.size)

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "size": list(self.size),
            "objects": self.objects,
            **self.initial_values,
        }
