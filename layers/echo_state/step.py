"""One step of a reservoir and its derivative, for a fused loop."""

from dataclasses import dataclass

from rnnzoo.layers.jacobian.step import SimpleRNNStep


@dataclass(frozen=True)
class LeakyStep(SimpleRNNStep):
    """h = (1 - leak) h + leak phi(z), z = x A' + h B' + b. See `LSTMStep`.

    Args:
        activation: function phi, elementwise.
        leak: float.
    """

    leak: float

    def forward(self, x, recurrent, states, noise):
        """As `SimpleRNNStep.forward`."""
        (new,), saved = super().forward(x, recurrent, states, noise)
        h = (1 - self.leak) * states[0] + self.leak * new
        return [h], {"phi'": self.leak * saved["phi'"]}

    def backward(self, gradients, saved, states):
        """As `LSTMStep.backward`."""
        d_x, d_recurrent, _ = super().backward(gradients, saved, states)
        return d_x, d_recurrent, [(1 - self.leak) * gradients[0]]
