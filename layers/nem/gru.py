"""GRU with noisy gates."""

import keras
from keras import ops

from rnnzoo.layers.nem.gates import NoisyGates, NoisySequence, projected


@keras.saving.register_keras_serializable("rnnzoo")
class NEMGRUCell(NoisyGates, keras.layers.GRUCell):
    """One step of `NEMGRU`.

    Args:
        units: int, J.
        noise, noise_std, noise_mode, noise_gates, noise_anneal, noise_distribution: see
            `NEMGRU`.
        **kwargs: see `keras.layers.GRUCell`.

    Call arguments:
        inputs: tensor (batch, features).
        states: tensor (batch, units), h, or a list of it.
        training: bool; there is no noise unless it is True.

    Raises:
        ValueError: a setting is out of range; or, on JAX, the cell is trained outside `NEMGRU`.
    """

    GATES = ("update", "reset")

    def __init__(
        self,
        units,
        *args,
        noise="nem",
        noise_std=0.1,
        noise_mode="additive",
        noise_gates=None,
        noise_anneal=0.0,
        noise_distribution="gaussian16",
        **kwargs,
    ):
        super().__init__(units, *args, **kwargs)
        self.configure_noise(
            noise_gates,
            noise=noise,
            noise_std=noise_std,
            noise_mode=noise_mode,
            noise_anneal=noise_anneal,
            noise_distribution=noise_distribution,
        )

    def call(self, inputs, states, training=False):
        """Returns h and the new state."""
        if not (training and self.noise_on):
            return super().call(inputs, states, training=training)
        return self.noisy_step(inputs, states)

    def noisy_step(self, inputs, states, trace=None, dropout=True, scale=None):
        """(C.1)-(C.8) of [NB] with Algorithm 1 on the gates.

        The update gate d of [NB] weighs the candidate, that of Keras the old state: d = 1 - z,
        and logit(d) = -logit(z). Arguments as of `NEMLSTMCell.noisy_step`.
        """
        inputs, unit = self.split_noise(inputs)
        scale = self.noise_scale() if scale is None else scale
        h = states[0] if isinstance(states, list | tuple) else states
        input_bias, recurrent_bias = self._biases()
        x_masks = self.get_dropout_mask(inputs) if dropout else None
        h_masks = self.get_recurrent_dropout_mask(h) if dropout else None
        x_z, x_r, x_h = ops.split(projected(inputs, self.kernel, x_masks) + input_bias, 3, axis=-1)
        if self.reset_after:
            inner = projected(h, self.recurrent_kernel, h_masks) + recurrent_bias
            h_z, h_r, h_h = ops.split(inner, 3, axis=-1)
        else:
            gates, candidate = ops.split(self.recurrent_kernel, [2 * self.units], axis=1)
            h_z, h_r = ops.split(projected(h, gates, h_masks and h_masks[:2]), 2, axis=-1)
        d = self.open_gate("update", -(x_z + h_z), unit, scale, trace)
        r = self.open_gate("reset", x_r + h_r, unit, scale, trace)
        if self.reset_after:
            h_h = r * h_h
        else:
            h_h = projected(r * h, candidate, h_masks and h_masks[2])
        h = (1 - d) * h + d * self.activation(x_h + h_h)
        return h, [h] if isinstance(states, list | tuple) else h

    def _biases(self):
        """The biases of the inputs and of the recurrent part: (3 units,) each, or 0."""
        if not self.use_bias:
            return 0, 0
        if not self.reset_after:
            return self.bias, 0
        return self.bias[0], self.bias[1]

    def get_config(self):
        """The arguments of the constructor."""
        return {**super().get_config(), **self.noise_config()}


@keras.saving.register_keras_serializable("rnnzoo")
class NEMGRU(NoisySequence, keras.layers.GRU):
    """`keras.layers.GRU` whose gates get noise in training: Theorem 5 and Corollary 4 of [NB].

    The noise n of a gate g is kept where it makes the gate more probable, for each sample, step
    and gate on its own (Algorithm 1):

        additive         g + n   where  n . log(g / (1 - g)) >= 0,            n ~ N(0, s²)
        multiplicative   g o n   where  (g o n - g) . log(g / (1 - g)) >= 0,  n ~ N(1, s²)

    The update gate g of [NB] is 1 - z of Keras, the weight of the candidate: multiplicative
    noise on 1 - z differs from that on z.

    There is no noise in `evaluate`, `predict`, validation or an export. [NB] is Adigun and Kosko,
    "Noise-boosted recurrent backpropagation".

    Args:
        units: int, J.
        noise: `"nem"`; `"blind"`, which keeps all noise; `"blind_half"`, which keeps a random
            half of it; or `"none"`, the stock Keras layer.
        noise_std: float, s. The noise is not clipped: gates can leave (0, 1).
        noise_mode: `"additive"` or `"multiplicative"`.
        noise_gates: list of some of `"update"`, `"reset"`; None for all.
        noise_anneal: float; in epoch e (from 0) the deviation is `s (e + 1)^-noise_anneal`.
            Above 0 the epoch has to be set, by `NEMModel` or `NoiseSchedule`.
        noise_distribution: `"gaussian16"`, the normal distribution in 65,536 steps;
            `"gaussian"`, the generator of the backend; `"uniform"`, `"signs"`, or a function of
            `(shape, dtype=, seed=)` that returns noise of mean 0 and variance 1. Register the
            function with Keras to save or clone the layer, or wrap it in `Bidirectional`.
        fused: bool, whether training may run a fused loop over the sequence, with the same
            results within rounding: see docs/performance.md. False always trains step by step,
            through the cell.
        All others: as in `keras.layers.GRU`, with `recurrent_activation="sigmoid"`.

    Call arguments: as in `keras.layers.GRU`; `sequences` has shape (batch, time, features).

    Raises:
        ValueError: a setting is out of range; or, in training, the epoch is not set.

    Example:

    >>> NEMGRU(4, noise_std=0.3)(keras.Input((3, 5))).shape
    (None, 4)
    """

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=True,
        use_cudnn="auto",
        *,
        noise="nem",
        noise_std=0.1,
        noise_mode="additive",
        noise_gates=None,
        noise_anneal=0.0,
        noise_distribution="gaussian16",
        fused=True,
        **kwargs,
    ):
        cell = NEMGRUCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            reset_after=reset_after,
            seed=seed,
            noise=noise,
            noise_std=noise_std,
            noise_mode=noise_mode,
            noise_gates=noise_gates,
            noise_anneal=noise_anneal,
            noise_distribution=noise_distribution,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            implementation=kwargs.pop("implementation", 2),
            name="gru_cell",
        )
        self.init_with_cell(
            cell,
            use_cudnn,
            fused,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
