"""One step of an LSTM and of a GRU with noisy gates, and the derivative of that step.

These are the equations of the cells for a fused loop: the inputs are already projected, and
`backward` is the chain rule through the step, so that nothing of the loop is left to automatic
differentiation. See docs/performance.md.
"""

from dataclasses import dataclass

from keras import ops

from rnnzoo.layers.nem import rules


@dataclass(frozen=True)
class NoisyStep:
    """The gates of a step and their noise; equal settings are equal steps.

    All gates of a step are computed at once, stacked to (batch, gates, units): a step is a few
    operations on small arrays, whose number is most of its cost.

    Args:
        boosted: bool, whether Algorithm 1 selects the noise; False keeps all noise.
        mode: `"additive"` or `"multiplicative"`.
    """

    boosted: bool = True
    mode: str = rules.ADDITIVE

    def open(self, logits, noise, saved):
        """Computes the gates of a step, with their noise.

        Args:
            logits: list of tensors (batch, units).
            noise: tensor (batch, gates, units), s times the unit noise; or None.
            saved: dict that receives what `close` needs.

        Returns:
            list of tensors (batch, units).
        """
        logits = ops.stack(logits, axis=1)
        gates = noisy = saved["gates"] = ops.sigmoid(logits)
        if noise is not None:
            change = noise if self.mode == rules.ADDITIVE else gates * noise
            noisy = gates + change
            # d noisy / d gates
            factor = None if self.mode == rules.ADDITIVE else 1 + noise
            if self.boosted:
                gain = rules.gate_gain(change, logits)
                noisy = rules.boosted(gates, noisy, gain)
                if factor is not None:
                    factor = rules.boosted(ops.ones_like(factor), factor, gain)
            saved["noisy"] = noisy
            if factor is not None:
                saved["factor"] = factor
        return ops.unstack(noisy, axis=1)

    def noisy_gates(self, saved):
        """The gates with their noise: list of tensors (batch, units)."""
        return ops.unstack(saved.get("noisy", saved["gates"]), axis=1)

    def close(self, gradients, saved):
        """The gradients of the logits from those of the noisy gates.

        No gradient passes through the noise and the decision of Algorithm 1.

        Args:
            gradients: list of tensors (batch, units).
            saved: the dict that `open` filled.

        Returns:
            list of tensors (batch, units).
        """
        gates, gradients = saved["gates"], ops.stack(gradients, axis=1)
        if "factor" in saved:
            gradients = gradients * saved["factor"]
        return ops.unstack(gradients * gates * (1 - gates), axis=1)


class LSTMStep(NoisyStep):
    """(B.1)-(B.14) of [NB]; states [h, c]."""

    def forward(self, x, recurrent, states, noise):
        """One step.

        Args:
            x: tensor (batch, 4 units), the projected inputs with the bias.
            recurrent: tensor (batch, 4 units), the projected h.
            states: list of two tensors (batch, units), h and c.
            noise: tensor (batch, gates, units), s times the unit noise; or None.

        Returns:
            the new states, and a dict of tensors that `backward` needs.
        """
        saved = {}
        z_i, z_f, z_c, z_o = ops.split(x + recurrent, 4, axis=-1)
        i, f, o = self.open([z_i, z_f, z_o], noise, saved)
        candidate = ops.tanh(z_c)
        c = f * states[1] + i * candidate
        tanh_c = ops.tanh(c)
        return [o * tanh_c, c], {**saved, "candidate": candidate, "tanh c": tanh_c}

    def backward(self, gradients, saved, states):
        """The chain rule through one step.

        Args:
            gradients: list of two tensors (batch, units), of the new h and c.
            saved: the dict that `forward` returned.
            states: the states before the step.

        Returns:
            the gradients of x, of `recurrent`, and of the states, without that of h through
            `recurrent` (None where there is no other).
        """
        d_h, d_c = gradients
        candidate, tanh_c = saved["candidate"], saved["tanh c"]
        i, f, o = self.noisy_gates(saved)
        d_c = d_c + d_h * o * (1 - tanh_c * tanh_c)
        d_i, d_f, d_o = self.close([d_c * candidate, d_c * states[1], d_h * tanh_c], saved)
        d_z = ops.concatenate([d_i, d_f, d_c * i * (1 - candidate * candidate), d_o], axis=-1)
        return d_z, d_z, [None, d_c * f]


class GRUStep(NoisyStep):
    """(C.1)-(C.8) of [NB], with Keras's `reset_after=True`; states [h].

    The update gate d of [NB] weighs the candidate: d = 1 - z of Keras.
    """

    def forward(self, x, recurrent, states, noise):
        """As `LSTMStep.forward`, with 3 units in the projections."""
        saved = {}
        x_z, x_r, x_h = ops.split(x, 3, axis=-1)
        h_z, h_r, h_h = ops.split(recurrent, 3, axis=-1)
        d, r = self.open([-(x_z + h_z), x_r + h_r], noise, saved)
        candidate = ops.tanh(x_h + r * h_h)
        h = (1 - d) * states[0] + d * candidate
        return [h], {**saved, "candidate": candidate, "recurrent": h_h}

    def backward(self, gradients, saved, states):
        """As `LSTMStep.backward`."""
        (d_h,) = gradients
        candidate = saved["candidate"]
        d, r = self.noisy_gates(saved)
        d_x_h = d_h * d * (1 - candidate * candidate)
        d_d, d_r = self.close([d_h * (candidate - states[0]), d_x_h * saved["recurrent"]], saved)
        d_x = ops.concatenate([-d_d, d_r, d_x_h], axis=-1)
        return d_x, ops.concatenate([-d_d, d_r, d_x_h * r], axis=-1), [(1 - d) * d_h]
