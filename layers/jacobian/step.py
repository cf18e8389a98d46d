"""One step of a SimpleRNN and its derivative, for a fused loop."""

from collections.abc import Callable
from dataclasses import dataclass

from rnnzoo.layers.jacobian.activation_derivatives import activation_derivative


@dataclass(frozen=True)
class SimpleRNNStep:
    """h = phi(z), z = x A' + h B' + b; (2.6) of [TH]. See `LSTMStep`.

    Args:
        activation: function phi, elementwise.
    """

    activation: Callable

    def forward(self, x, recurrent, states, noise):
        """One step.

        Args:
            x: tensor (batch, units), the projected inputs with the bias.
            recurrent: tensor (batch, units), the projected h.
            states: list of a tensor (batch, units), h; not used.
            noise: None.

        Returns:
            the new states, and a dict of tensors that `backward` needs.
        """
        z = x + recurrent
        return [self.activation(z)], {"phi'": activation_derivative(self.activation)(z)}

    def backward(self, gradients, saved, states):
        """As `LSTMStep.backward`."""
        d_z = gradients[0] * saved["phi'"]
        return d_z, d_z, [None]
