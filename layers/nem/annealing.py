"""The scale of the noise in each epoch."""

import keras


class Annealing:
    """s_epoch / s = (epoch + 1)^-anneal, in a variable that is not a weight of the layer.

    The layer does not track the variable, so that weights can be copied to and from stock layers
    unchanged. The layer adds `variables` to its own `variables`, the only ones that a compiled
    step on JAX updates.

    Args:
        anneal: float of at least 0; 0 keeps the scale at 1 and needs no epoch.
    """

    def __init__(self, anneal):
        self.anneal = anneal
        self.variables = []
        if anneal > 0:
            scale = keras.Variable(1.0, trainable=False, dtype="float32", name="noise_scale")
            self.variables.append(scale)
        self._epoch_known = anneal == 0

    def set_epoch(self, epoch):
        """Sets the scale for an epoch, an int counted from 0."""
        for variable in self.variables:
            variable.assign((epoch + 1.0) ** -self.anneal)
        self._epoch_known = True

    def expect_epochs(self):
        """Declares that `set_epoch` will be called: `scale` no longer raises, as while tracing."""
        self._epoch_known = True

    def forget_epoch(self):
        """Declares that `set_epoch` is no longer called."""
        self._epoch_known = self.anneal == 0

    def scale(self):
        """The scale, a float32 scalar.

        Raises:
            ValueError: the scale depends on the epoch, and no epoch has been set.
        """
        if not self._epoch_known:
            raise ValueError(
                f"noise_anneal={self.anneal} needs to know the epoch: call fit of an NEMModel, "
                "give fit callbacks=[NoiseSchedule()], call set_noise_epoch of an NEMModel in a "
                "loop of your own, or choose noise_anneal=0"
            )
        return keras.ops.convert_to_tensor(self.variables[0]) if self.variables else 1.0
