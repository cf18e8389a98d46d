"""The settings of NEM noise: checked by the constructor, saved in a layer's configuration."""

import keras

from rnnzoo.layers.common.arguments import nonnegative, one_of
from rnnzoo.layers.nem import draws, rules

KINDS = ("nem", "blind", "blind_half", "none")


class NoiseSettings:
    """How noise is drawn and which noise vectors are kept.

    Args:
        noise: `"nem"` keeps the noise that makes the signal more probable; `"blind"` keeps all;
            `"blind_half"` keeps a random half, about as much as NEM does; `"none"` adds none.
        noise_std: float, standard deviation s of the noise in epoch 0.
        noise_mode: `"additive"` or `"multiplicative"`.
        noise_anneal: float; in epoch e (from 0) the deviation is `s * (e + 1) ** -noise_anneal`.
        noise_distribution: `"gaussian16"`, `"gaussian"`, `"uniform"`, `"signs"`, or a function of
            `(shape, dtype=, seed=)` that returns noise of mean 0 and variance 1.

    Raises:
        ValueError: a setting is out of range.
    """

    def __init__(self, noise, noise_std, noise_mode, noise_anneal, noise_distribution):
        self.noise = one_of("noise", noise, KINDS)
        self.std = nonnegative("noise_std", noise_std)
        self.mode = one_of("noise_mode", noise_mode, rules.MODES)
        self.anneal = nonnegative("noise_anneal", noise_anneal)
        self.distribution = draws.get(noise_distribution)

    @property
    def on(self):
        """Whether there is any noise in training."""
        return self.noise != "none" and self.std > 0

    def draw(self, shape, seed):
        """Draws unit noise.

        Args:
            shape: tuple, the last entry is the length of a noise vector.
            seed: `keras.random.SeedGenerator`.

        Returns:
            float32 tensor of that shape.
        """
        unit = self.distribution(shape, dtype="float32", seed=seed)
        if self.noise == "blind_half":
            mask = keras.random.randint((*shape[:-1], 1), 0, 2, dtype="int32", seed=seed)
            unit = unit * keras.ops.cast(mask, "float32")
        return unit

    def noisy(self, signal, unit, scale):
        """The signal with unit noise scaled by s, in this mode; see `rules.noisy`."""
        return rules.noisy(signal, unit, scale, self.mode)

    def select(self, signal, noisy_signal, gain):
        """The noisy signal where its noise is kept, else the signal.

        Args:
            signal: tensor (..., n).
            noisy_signal: tensor (..., n).
            gain: function without arguments that returns log p(noisy) - log p(clean) (...); it is
                called for NEM noise only.
        """
        if self.noise == "nem":
            return rules.boosted(signal, noisy_signal, gain())
        return noisy_signal

    def get_config(self):
        """The arguments of the constructor."""
        return {
            "noise": self.noise,
            "noise_std": self.std,
            "noise_mode": self.mode,
            "noise_anneal": self.anneal,
            "noise_distribution": draws.serialize(self.distribution),
        }
