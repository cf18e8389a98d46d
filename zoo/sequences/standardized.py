"""Standardization of features."""

import keras
import numpy as np


@keras.saving.register_keras_serializable(package="rnnzoo")
class Standardized(keras.layers.Layer):
    """(x - mean) / scale, with weights that are not trained; masks pass through.

    Call arguments:
        inputs: array (batch, time, features).
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        """Zero mean and unit scale until `adapt`."""
        shape = (input_shape[-1],)
        self.mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
        self.scale = self.add_weight(shape=shape, initializer="ones", trainable=False, name="scale")

    def adapt(self, sequences, least=0.05):
        """Sets mean and scale to the mean and standard deviation of each feature.

        Args:
            sequences: list of arrays (time, features).
            least: float, smallest scale: features that hardly vary are not amplified.
        """
        values = np.concatenate(sequences).astype("float64")
        self.mean.assign(values.mean(axis=0))
        self.scale.assign(np.maximum(values.std(axis=0), least))

    def call(self, inputs):
        """The equation."""
        return (inputs - self.mean) / self.scale

    def compute_output_shape(self, input_shape):
        """Unchanged."""
        return input_shape
