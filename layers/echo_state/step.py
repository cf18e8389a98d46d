"""One step of a reservoir and its derivative, for where a whole sequence is computed at once."""

from collections.abc import Callable
from dataclasses import dataclass

from rnnzoo.layers.jacobian.slopes import slope


@dataclass(frozen=True)
class LeakyStep:
    """h = (1 - leak) h + leak phi(z), z = x A' + h B' + b. See `LSTMStep`.

    Args:
        activation: function phi, elementwise.
        leak: float.
    """

    activation: Callable
    leak: float

    def forward(self, x, recurrent, states, noise):
        """As `SimpleStep.forward`."""
        z = x + recurrent
        h = (1 - self.leak) * states[0] + self.leak * self.activation(z)
        return [h], {"slope": self.leak * slope(self.activation)(z)}

    def backward(self, gradients, saved, states):
        """As `LSTMStep.backward`."""
        d_z = gradients[0] * saved["slope"]
        return d_z, d_z, [(1 - self.leak) * gradients[0]]
