"""Random seeds that depend on the epoch only, not on the steps before it."""

import keras
import numpy as np

from rnnzoo.layers.common.sublayers import sublayers


class EpochSeeds(keras.callbacks.Callback):
    """Seeds every generator in a model, of dropout and of noise, at the beginning of an epoch.

    Keras does not save the states of generators with a model: without this callback a training that
    is resumed from a file draws other numbers than one that was not interrupted.

    Args:
        seed: int, 0 or more.
    """

    def __init__(self, seed):
        super().__init__()
        self._seed = seed

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the states, which depend on the seed, the epoch and the generator's index."""
        generators = _generators(self.model)
        for index, generator in enumerate(generators):
            first = self._first(epoch, index)
            generator.state.assign(np.array([first, 0], generator.state.dtype))
        if keras.backend.backend() == "torch":
            import torch

            # Keras's dropout draws from the global generator on Torch, not from the layer's.
            torch.manual_seed(self._first(epoch, len(generators)))

    def _first(self, epoch, index):
        """A seed below 2^31, the limit of some backends' integers."""
        first = np.random.SeedSequence([self._seed, epoch, index]).generate_state(1)[0]
        return int(first & 0x7FFFFFFF)


def _generators(model):
    """List of the seed generators of a model, in the order of its layers."""
    generators = {}
    for layer in sublayers(model):
        for value in vars(layer).values():
            if isinstance(value, keras.random.SeedGenerator):
                generators.setdefault(id(value), value)
    return list(generators.values())
