"""Random numbers of a training that depend on the epoch, not on what ran before it."""

import keras
import numpy as np

from rnnzoo.layers.common.sublayers import sublayers


class EpochSeeds(keras.callbacks.Callback):
    """Seeds every generator inside a model, of dropout and of noise, when an epoch begins.

    Keras saves no generator's state with a model, so without this a training that goes on from
    a file draws other numbers than one that was never interrupted.

    Args:
        seed: int, 0 or more.
    """

    def __init__(self, seed):
        super().__init__()
        self._seed = seed

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the states to what seed, epoch and the generator's place in the model give."""
        generators = _generators(self.model)
        for place, generator in enumerate(generators):
            first = self._first(epoch, place)
            generator.state.assign(np.array([first, 0], generator.state.dtype))
        if keras.backend.backend() == "torch":
            import torch

            # Keras's dropout draws from this one there, and not from the layer's own.
            torch.manual_seed(self._first(epoch, len(generators)))

    def _first(self, epoch, place):
        """Below 2^31, which some backends' whole numbers end with."""
        first = np.random.SeedSequence([self._seed, epoch, place]).generate_state(1)[0]
        return int(first & 0x7FFFFFFF)


def _generators(model):
    found = {}
    for layer in sublayers(model):
        for value in vars(layer).values():
            if isinstance(value, keras.random.SeedGenerator):
                found.setdefault(id(value), value)
    return list(found.values())
