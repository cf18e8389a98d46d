"""The settings of a noise: checked when they are given, and kept in a layer's configuration."""

import keras

from rnnzoo.layers.common.arguments import nonnegative, one_of
from rnnzoo.layers.nem import draws, rules

KINDS = ("nem", "blind", "blind_half", "none")


class NoiseSettings:
    """How noise is drawn and which of it is kept.

    Args:
        noise: `"nem"` keeps the noise that makes the signal more probable; `"blind"` keeps all;
            `"blind_half"` keeps a random half, about as much as NEM does; `"none"`.
        noise_std: float, standard deviation s of the noise in epoch 0.
        noise_mode: `"additive"` or `"multiplicative"`.
        noise_anneal: float; in epoch e (from 0) the deviation is `s * (e + 1) ** -noise_anneal`.
        noise_distribution: `"gaussian16"`, `"gaussian"`, `"uniform"`, `"signs"`, or a function of
            `(shape, dtype=, seed=)` that returns noise of mean 0 and variance 1.

    Raises:
        ValueError: a setting is not one of these.
    """

    def __init__(self, noise, noise_std, noise_mode, noise_anneal, noise_distribution):
        self.noise = one_of("noise", noise, KINDS)
        self.std = nonnegative("noise_std", noise_std)
        self.mode = one_of("noise_mode", noise_mode, rules.MODES)
        self.anneal = nonnegative("noise_anneal", noise_anneal)
        self.distribution = draws.get(noise_distribution)

    @property
    def on(self):
        """Whether training sees any noise at all."""
        return self.noise != "none" and self.std > 0

    def draw(self, shape, seed):
        """Unit noise in float32; vectors along the last axis.

        Args:
            shape: tuple, the last entry is the length of one vector.
            seed: `keras.random.SeedGenerator`.
        """
        unit = self.distribution(shape, dtype="float32", seed=seed)
        if self.noise == "blind_half":
            half = keras.random.randint((*shape[:-1], 1), 0, 2, dtype="int32", seed=seed)
            unit = unit * keras.ops.cast(half, "float32")
        return unit

    def noisy(self, signal, unit, scale):
        """The signal with unit noise at the scale s, in this mode."""
        return rules.noisy(signal, unit, scale, self.mode)

    def select(self, signal, noisy_signal, gain):
        """The noisy signal where it is to be kept; `gain` is a function without arguments."""
        if self.noise == "nem":
            return rules.boosted(signal, noisy_signal, gain())
        return noisy_signal

    def config(self):
        """The arguments again, for `get_config`."""
        return {
            "noise": self.noise,
            "noise_std": self.std,
            "noise_mode": self.mode,
            "noise_anneal": self.anneal,
            "noise_distribution": draws.serialized(self.distribution),
        }
