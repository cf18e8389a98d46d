"""Real-time recurrent learning: gradients that are propagated forwards, [TH] 2.2.1."""

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import check_finite, check_has_steps
from rnnzoo.layers.least_squares.batches import as_numpy
from rnnzoo.layers.least_squares.inverses import activation_name
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import as_targets

# phi' as a function of the value of phi.
DERIVATIVES = {
    "linear": np.ones_like,
    "tanh": lambda value: 1 - value**2,
    "sigmoid": lambda value: value * (1 - value),
}


class RealTimeRecurrentLearning:
    """Trains a small network online, with exact gradients through all previous steps.

    Besides the state h, every step updates S(t) = dh(t) / d(A, B, b), (2.15)-(2.17) of [TH]. The
    gradient of the loss of a step by the weights follows from it, (2.13), (2.14), (2.18)-(2.20),
    and the optimizer applies it. Nothing is unrolled or truncated. A step takes of the order of
    units³ (inputs + units) operations, and S has units² (inputs + units + 1) float64 numbers per
    sequence: the method is for small networks. As usual, S is not corrected for the change of the
    weights.

    The loss is the mean squared error, or the cross entropy for a softmax readout. The last
    recurrent layer and its readout are trained, without dropout; layers before them are not.

    Args:
        model: a model as for `least_squares_init` that ends in a `SimpleRNN` or `SVDSimpleRNN`
            that returns sequences, and a `Dense`. States continue from update to update, whether
            the layer is stateful or not; they are stored here, not in the layer.
        optimizer: name or `keras.optimizers.Optimizer`.

    Raises:
        ValueError: the model does not end so.
    """

    def __init__(self, model, optimizer="adam"):
        self._model = readout_model(model)
        if self._model.recurrent is None:
            raise ValueError(
                f"{model.name} has no SimpleRNN that returns sequences before its readout: "
                "real-time recurrent learning is for those"
            )
        self.optimizer = keras.optimizers.get(optimizer)
        self._layers = self._model.recurrent, self._model.readout
        weights = [weight for layer in self._layers for weight in layer.weights]
        self._trainable = [index for index, weight in enumerate(weights) if weight.trainable]
        self._apply = _gradient_step(self.optimizer, [weights[i] for i in self._trainable])
        self._phi_h, self._phi_y = (activation_name(layer.activation) for layer in self._layers)
        self.reset()

    def reset(self):
        """Begins new sequences: h and S are 0."""
        self._h = self._s = None

    def update(self, x, y):
        """Trains on new steps, one after the other.

        Args:
            x: inputs of the model, (batch, time, ...).
            y: targets (batch, time, outputs), or class indices (batch, time).

        Returns:
            array (time,): the loss of each step, before its update.

        Raises:
            ValueError: the shapes do not match, or a number is not finite; nothing is changed.
        """
        losses = []
        for step in self._steps(x, y):
            loss, gradients = self._step(*step)
            self._apply([gradients[index] for index in self._trainable])
            losses.append(loss)
        return np.array(losses)

    def gradients(self, x, y):
        """The gradient of the sum of the steps' losses, with constant weights.

        Args:
            x, y: as of `update`; the states are updated.

        Returns:
            list of float64 arrays, in the order of the weights of the two layers: A, B, b, C, c.

        Raises:
            ValueError: as of `update`.
        """
        gradients = [self._step(*step)[1] for step in self._steps(x, y)]
        return [sum(parts) for parts in zip(*gradients, strict=True)]

    def _steps(self, x, y):
        """List of (inputs, targets, mask), a tuple of arrays (batch, ...) per step."""
        check_has_steps(x)
        outputs = self._model.run(x)
        inputs = np.asarray(outputs["inputs"], "float64")
        mask = np.asarray(outputs.get("mask", np.ones(inputs.shape[:2])), "float64")
        shape = (*inputs.shape[:2], self._model.readout.units)
        y = as_targets(as_numpy(y), shape, mask > 0)
        # Masked steps may hold anything.
        inputs, y = (np.where(mask[..., None] > 0, a, 0) for a in (inputs, y))
        for name, values in (("inputs", inputs), ("targets", y)):
            check_finite(f"the {name} hold", values)
        if self._h is not None and len(self._h) != len(inputs):
            raise ValueError(
                f"x has {len(inputs)} sequences and {len(self._h)} are continued: give as many, or "
                "reset"
            )
        time_major = (a.swapaxes(0, 1) for a in (inputs, y, mask))
        return list(zip(*time_major, strict=True))

    def _step(self, x, y, mask):
        """The loss of a step and its gradients; updates h and S."""
        recurrent, readout = (
            [np.asarray(weight, "float64") for weight in layer.get_weights()]
            for layer in self._layers
        )
        a, b, *bias = recurrent
        c, *bias_out = readout
        batch, units = len(x), len(b)
        if self._h is None:
            rows = len(a) + len(b) + len(bias)
            self._h, self._s = np.zeros((batch, units)), np.zeros((batch, units, rows, units))
        r = np.concatenate([x, self._h, np.ones((batch, len(bias)))], axis=1)
        h = _activated(self._phi_h, r @ np.concatenate([a, b, *(row[None] for row in bias)]))
        # (2.15)-(2.17): dh_i/dW_pj = phi'_i (sum_k B_ki S_kpj + [i = j] r_p)
        s = np.tensordot(self._s, b, axes=(1, 0)).transpose(0, 3, 1, 2)
        s[:, range(units), :, range(units)] += r[None]
        s *= DERIVATIVES[self._phi_h](h)[:, :, None, None]
        valid = mask[:, None] > 0  # a masked step keeps the states
        self._h = np.where(valid, h, self._h)
        self._s = np.where(valid[..., None, None], s, self._s)
        y_pred = _activated(self._phi_y, h @ c + (bias_out[0] if bias_out else 0))
        loss, d_y = self._loss(y_pred, y)
        d_y *= valid / batch
        d_h = d_y @ c.T
        d_w = np.einsum("bi,bipj->pj", d_h, self._s)
        d_a, d_b, d_bias = np.split(d_w, [len(a), len(a) + len(b)])
        gradients = [d_a, d_b, *([d_bias[0]] if bias else []), h.T @ d_y]
        if bias_out:
            gradients.append(d_y.sum(axis=0))
        return np.mean(loss * valid[:, 0]), gradients

    def _loss(self, y_pred, y):
        """The loss of each sample, and its gradient by the readout's pre-activation."""
        if self._phi_y == "softmax":
            logs = np.log(np.maximum(y_pred, np.finfo("float64").tiny))
            return -np.sum(y * logs, axis=1), y_pred * y.sum(axis=1, keepdims=True) - y
        derivative = DERIVATIVES[self._phi_y](y_pred)
        return np.mean((y_pred - y) ** 2, axis=1), 2 * (y_pred - y) * derivative / y.shape[1]


def _gradient_step(optimizer, variables):
    """A function of gradients, a list of arrays, that updates the variables."""
    optimizer.build(variables)

    def apply(gradients):
        optimizer.apply(gradients, variables)

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        apply = tf.function(apply)
    dtypes = [variable.dtype for variable in variables]
    return lambda gradients: apply(
        [ops.convert_to_tensor(g, dtype) for g, dtype in zip(gradients, dtypes, strict=True)]
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
