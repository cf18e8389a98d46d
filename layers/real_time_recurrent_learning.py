"""Gradients that are carried forwards: real-time recurrent learning, [TH] 2.2.1."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import check_finite, check_has_steps
from rnnzoo.layers.least_squares.batches import as_numpy
from rnnzoo.layers.least_squares.inverses import activation_name
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import as_targets

# phi' in terms of phi's value.
DERIVATIVES = {
    "linear": np.ones_like,
    "tanh": lambda value: 1 - value**2,
    "sigmoid": lambda value: value * (1 - value),
}


class RealTimeRecurrentLearning:
    """Trains a small network while it runs, with exact gradients through all that was before.

    With the state h of every step goes S(t) = dh(t) / d(A, B, b), (2.15)-(2.17) of [TH]; the
    gradient of the loss of a step by the weights is then known at once, (2.13), (2.14),
    (2.18)-(2.20), and an optimizer takes a step with it. Nothing is unrolled, and nothing
    truncated. A step costs of the order of units³ (inputs + units) operations and S takes
    units² (inputs + units + 1) float64 a sequence: it is for small networks. What changes while
    the weights move is not corrected in S, as usual.

    The loss is the mean squared error, for a softmax readout the cross entropy. The last
    recurrent layer and its readout learn, without dropout; layers before them stay.

    Args:
        model: a model as for `least_squares_init` whose recurrent weights have equations: a
            `SimpleRNN` or `SVDSimpleRNN` that returns sequences, and a `Dense` behind it. States
            are carried from update to update whether the layer is stateful or not; they are kept
            here, not in the layer.
        optimizer: name or `keras.optimizers.Optimizer`.

    Raises:
        ValueError: the model has no such ending.
    """

    def __init__(self, model, optimizer="adam"):
        self._ending = readout_model(model)
        if self._ending.memory is None:
            raise ValueError(
                f"{model.name} has no SimpleRNN that returns sequences before its readout: "
                "real-time recurrent learning is for those"
            )
        self.optimizer = keras.optimizers.get(optimizer)
        self._layers = self._ending.memory, self._ending.readout
        weights = [one for layer in self._layers for one in layer.weights]
        self._moves = [place for place, one in enumerate(weights) if one.trainable]
        self._apply = _application(self.optimizer, [weights[place] for place in self._moves])
        self._phi_h, self._phi_y = (activation_name(layer.activation) for layer in self._layers)
        self.reset()

    def reset(self):
        """Begins new sequences: states 0, which depend on no weight."""
        self._h = self._s = None

    def update(self, x, y):
        """Learns from new steps, one after the other.

        Args:
            x: inputs of the model, (batch, time, ...).
            y: targets (batch, time, outputs), or class numbers (batch, time).

        Returns:
            array (time,): the loss of each step, before it was learned from.

        Raises:
            ValueError: the shapes do not fit, or a number is not finite; nothing has changed.
        """
        losses = []
        for step in self._steps(x, y):
            loss, gradients = self._step(*step)
            self._apply([gradients[place] for place in self._moves])
            losses.append(loss)
        return np.array(losses)

    def gradients(self, x, y):
        """The gradient of the sum of the steps' losses, the weights standing still.

        Args:
            x, y: as of `update`; the states move on.

        Returns:
            list of float64 arrays, one for each weight of the two layers: A, B, b, C, c.

        Raises:
            ValueError: as of `update`.
        """
        found = [self._step(*step)[1] for step in self._steps(x, y)]
        return [sum(parts) for parts in zip(*found, strict=True)]

    def _steps(self, x, y):
        """[(inputs, targets, which samples count)] for every step."""
        check_has_steps(x)
        found = self._ending.run(x)
        inputs = np.asarray(found["inputs"], "float64")
        counts = np.asarray(found.get("mask", np.ones(inputs.shape[:2])), "float64")
        shape = (*inputs.shape[:2], self._ending.readout.units)
        y = as_targets(as_numpy(y), shape, counts > 0)
        # What a mask leaves out may hold anything.
        inputs, y = (np.where(counts[..., None] > 0, one, 0) for one in (inputs, y))
        for name, values in (("inputs", inputs), ("targets", y)):
            check_finite(f"the {name} hold", values)
        if self._h is not None and len(self._h) != len(inputs):
            raise ValueError(
                f"x has {len(inputs)} sequences and {len(self._h)} go on: give as many, or reset"
            )
        parts = (one.swapaxes(0, 1) for one in (inputs, y, counts))
        return list(zip(*parts, strict=True))

    def _step(self, x, y, counts):
        """The loss of a step and its gradients; h and S move on."""
        memory, readout = (
            [np.asarray(one, "float64") for one in layer.get_weights()] for layer in self._layers
        )
        a, b, *bias = memory
        c, *bias_out = readout
        batch, units = len(x), len(b)
        if self._h is None:
            rows = len(a) + len(b) + len(bias)
            self._h, self._s = np.zeros((batch, units)), np.zeros((batch, units, rows, units))
        r = np.concatenate([x, self._h, np.ones((batch, len(bias)))], axis=1)
        h = _activated(self._phi_h, r @ np.concatenate([a, b, *(one[None] for one in bias)]))
        # (2.15)-(2.17): dh_i/dW_pj = phi'_i (sum_k B_ki S_kpj + [i = j] r_p)
        s = np.tensordot(self._s, b, axes=(1, 0)).transpose(0, 3, 1, 2)
        s[:, range(units), :, range(units)] += r[None]
        s *= DERIVATIVES[self._phi_h](h)[:, :, None, None]
        kept = counts[:, None] > 0  # a step that a mask leaves out keeps the states
        self._h = np.where(kept, h, self._h)
        self._s = np.where(kept[..., None, None], s, self._s)
        said = _activated(self._phi_y, h @ c + (bias_out[0] if bias_out else 0))
        loss, d_y = self._loss(said, y)
        d_y *= kept / batch
        d_h = d_y @ c.T
        d_w = np.einsum("bi,bipj->pj", d_h, self._s)
        d_a, d_b, d_bias = np.split(d_w, [len(a), len(a) + len(b)])
        gradients = [d_a, d_b, *([d_bias[0]] if bias else []), h.T @ d_y]
        if bias_out:
            gradients.append(d_y.sum(axis=0))
        return np.mean(loss * kept[:, 0]), gradients

    def _loss(self, said, y):
        """The loss of each sample, and its gradient by the readout's pre-activation."""
        if self._phi_y == "softmax":
            logs = np.log(np.maximum(said, np.finfo("float64").tiny))
            return -np.sum(y * logs, axis=1), said * y.sum(axis=1, keepdims=True) - y
        slope = DERIVATIVES[self._phi_y](said)
        return np.mean((said - y) ** 2, axis=1), 2 * (said - y) * slope / y.shape[1]


def _application(optimizer, variables):
    """A function of gradients, a list of arrays, that moves the variables."""
    optimizer.build(variables)

    def apply(gradients):
        optimizer.apply(gradients, variables)

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        apply = tf.function(apply)
    return lambda gradients: apply(
        [ops.convert_to_tensor(one, of.dtype) for one, of in zip(gradients, variables, strict=True)]
    )


def _activated(name, z):
    if name == "tanh":
        return np.tanh(z)
    if name == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    if name == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    return z
