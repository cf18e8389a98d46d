"""The scale of the noise in each epoch, which a layer cannot see for itself."""

import keras


class Annealing:
    """s_epoch / s = (epoch + 1)^-anneal, in a variable that is no weight of the layer.

    It is held here, out of sight of the layer's tracking, so that weights move to and from
    stock layers unchanged; the layer adds `variables` to its own, since a compiled step on JAX
    sees only those.

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
        """Sets the scale of this epoch, an int counted from 0."""
        for variable in self.variables:
            variable.assign((epoch + 1.0) ** -self.anneal)
        self._epoch_known = True

    def expect_epochs(self):
        """Somebody will set the epochs: what is traced from now on may rely on it."""
        self._epoch_known = True

    def forget_epoch(self):
        """Nobody sets the epochs any more."""
        self._epoch_known = self.anneal == 0

    def scale(self):
        """The scale, a float32 scalar.

        Raises:
            ValueError: it changes with the epoch, and nobody says which epoch it is.
        """
        if not self._epoch_known:
            raise ValueError(
                f"noise_anneal={self.anneal} needs to know the epoch: call fit of an NEMModel, "
                "give fit callbacks=[NoiseSchedule()], call set_noise_epoch of an NEMModel in a "
                "loop of your own, or choose noise_anneal=0"
            )
        return keras.ops.convert_to_tensor(self.variables[0]) if self.variables else 1.0
