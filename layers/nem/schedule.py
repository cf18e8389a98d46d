"""Who tells the noise which epoch it is."""

import keras

from rnnzoo.layers.common.sublayers import sublayers
from rnnzoo.layers.nem.gates import NoisyGates


def annealed(model):
    """The `Annealing` of every noise in a model: of its gates, and of an `NEMModel`'s targets."""
    owners = (layer for layer in sublayers(model) if hasattr(layer, "annealing"))
    return [owner.annealing for owner in owners]


def noisy_layers(model):
    """The `NEMLSTM` and `NEMGRU` layers (or bare cells) of a model whose noise is on."""
    found = list(sublayers(model))
    cells = [cell for cell in found if isinstance(cell, NoisyGates) and cell.noise_on]
    layers = {id(layer.cell): layer for layer in found if hasattr(layer, "cell")}
    return [layers.get(id(cell), cell) for cell in cells]


class NoiseSchedule(keras.callbacks.Callback):
    """Sets s_epoch = s (epoch + 1)^-noise_anneal in every NEM layer when an epoch begins.

    `NEMModel` brings its own; a plain model whose layers have `noise_anneal` above 0 is given
    this one, `model.fit(x, y, epochs=10, callbacks=[NoiseSchedule()])`.
    """

    def set_model(self, model):
        """From here on what is traced may rely on the epoch."""
        super().set_model(model)
        for annealing in annealed(model):
            annealing.expect_epochs()

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the scale, also where `fit` resumes with `initial_epoch`."""
        for annealing in annealed(self.model):
            annealing.set_epoch(epoch)

    def on_train_end(self, logs=None):
        """Forgets the epoch, so that a later `fit` without a schedule is refused again."""
        found = annealed(self.model)
        for annealing in found:
            annealing.forget_epoch()
        # What is compiled would not ask again; but an `NEMModel` never trains without a schedule.
        if any(one.anneal > 0 for one in found) and not hasattr(self.model, "set_noise_epoch"):
            self.model.make_train_function(force=True)
