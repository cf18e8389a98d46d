"""A callback that sets the epoch of annealed noise."""

import keras

from rnnzoo.layers.common.sublayers import sublayers
from rnnzoo.layers.nem.gates import NoisyGates


def annealings(model):
    """List of every `Annealing` in a model: of its gates, and of an `NEMModel`'s targets."""
    return [layer.annealing for layer in sublayers(model) if hasattr(layer, "annealing")]


def noisy_layers(model):
    """List of the `NEMLSTM` and `NEMGRU` layers (or bare cells) of a model with noise on."""
    layers = list(sublayers(model))
    cells = [layer for layer in layers if isinstance(layer, NoisyGates) and layer.noise_on]
    owners = {id(layer.cell): layer for layer in layers if hasattr(layer, "cell")}
    return [owners.get(id(cell), cell) for cell in cells]


class NoiseSchedule(keras.callbacks.Callback):
    """Sets s_epoch = s (epoch + 1)^-noise_anneal in every NEM layer when an epoch begins.

    `NEMModel` adds it to its own `fit`. A plain model whose layers have `noise_anneal` above 0
    needs it: `model.fit(x, y, epochs=10, callbacks=[NoiseSchedule()])`.
    """

    def set_model(self, model):
        """Declares that the epochs are set, before the training step is traced."""
        super().set_model(model)
        for annealing in annealings(model):
            annealing.expect_epochs()

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the scale; `epoch` counts on where `fit` resumes with `initial_epoch`."""
        for annealing in annealings(self.model):
            annealing.set_epoch(epoch)

    def on_train_end(self, logs=None):
        """Forgets the epoch, so that a later `fit` without a schedule is refused again."""
        model_annealings = annealings(self.model)
        for annealing in model_annealings:
            annealing.forget_epoch()
        # A compiled step would not check again. An `NEMModel` never trains without a schedule.
        changes = any(annealing.anneal > 0 for annealing in model_annealings)
        if changes and not hasattr(self.model, "set_noise_epoch"):
            self.model.make_train_function(force=True)
