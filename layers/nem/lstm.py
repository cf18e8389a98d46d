"""LSTM with noisy gates."""

import keras
from keras import ops

from rnnzoo.layers.nem.gates import NoisyGates, NoisySequence, projected


@keras.saving.register_keras_serializable("rnnzoo")
class NEMLSTMCell(NoisyGates, keras.layers.LSTMCell):
    """One step of `NEMLSTM`.

    Args:
        units: int, J.
        noise, noise_std, noise_mode, noise_gates, noise_anneal, noise_distribution: see
            `NEMLSTM`.
        **kwargs: see `keras.layers.LSTMCell`.

    Call arguments:
        inputs: tensor (batch, features).
        states: list of two tensors (batch, units), h and c.
        training: bool; there is no noise unless it is True.

    Raises:
        ValueError: a setting is out of range; or, on JAX, the cell is trained outside `NEMLSTM`.
    """

    GATES = ("input", "forget", "output")

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
        """Returns h and the new states [h, c]."""
        if not (training and self.noise_on):
            return super().call(inputs, states, training=training)
        return self.noisy_step(inputs, states)

    def noisy_step(self, inputs, states, trace=None, dropout=True, scale=None):
        """(B.1)-(B.14) of [NB] with Algorithm 1 on the gates.

        Args:
            inputs: tensor (batch, features), or (batch, features + noise_width) with unit noise.
            states: list of two tensors (batch, units), h and c.
            trace: dict that receives the gates and gains, see `open_gate`; or None.
            dropout: bool, whether to apply dropout.
            scale: scalar, s; None for that of the epoch.

        Returns:
            h and the new states [h, c], tensors (batch, units).
        """
        inputs, unit = self.split_noise(inputs)
        scale = self.noise_scale() if scale is None else scale
        h, c = states
        x_masks = self.get_dropout_mask(inputs) if dropout else None
        h_masks = self.get_recurrent_dropout_mask(h) if dropout else None
        z = projected(inputs, self.kernel, x_masks) + projected(h, self.recurrent_kernel, h_masks)
        if self.use_bias:
            z = z + self.bias
        z_i, z_f, z_c, z_o = ops.split(z, 4, axis=-1)
        i = self.open_gate("input", z_i, unit, scale, trace)
        f = self.open_gate("forget", z_f, unit, scale, trace)
        o = self.open_gate("output", z_o, unit, scale, trace)
        c = f * c + i * self.activation(z_c)
        h = o * self.activation(c)
        return h, [h, c]

    def get_config(self):
        """The arguments of the constructor."""
        return {**super().get_config(), **self.noise_config()}


@keras.saving.register_keras_serializable("rnnzoo")
class NEMLSTM(NoisySequence, keras.layers.LSTM):
    """`keras.layers.LSTM` whose gates get noise in training: Theorem 4 and Corollary 3 of [NB].

    The noise n of a gate g is kept where it makes the gate more probable, for each sample, step
    and gate on its own (Algorithm 1):

        additive         g + n   where  n . log(g / (1 - g)) >= 0,            n ~ N(0, s²)
        multiplicative   g o n   where  (g o n - g) . log(g / (1 - g)) >= 0,  n ~ N(1, s²)

    There is no noise in `evaluate`, `predict`, validation or an export. [NB] is Adigun and Kosko,
    "Noise-boosted recurrent backpropagation".

    Args:
        units: int, J.
        noise: `"nem"`; `"blind"`, which keeps all noise; `"blind_half"`, which keeps a random
            half of it; or `"none"`, the stock Keras layer.
        noise_std: float, s. The noise is not clipped: gates can leave (0, 1).
        noise_mode: `"additive"` or `"multiplicative"`.
        noise_gates: list of some of `"input"`, `"forget"`, `"output"`; None for all.
        noise_anneal: float; in epoch e (from 0) the deviation is `s (e + 1)^-noise_anneal`.
            Above 0 the epoch has to be set, by `NEMModel` or `NoiseSchedule`.
        noise_distribution: `"gaussian16"`, the normal distribution in 65,536 steps;
            `"gaussian"`, the generator of the backend; `"uniform"`, `"signs"`, or a function of
            `(shape, dtype=, seed=)` that returns noise of mean 0 and variance 1. Register the
            function with Keras to save or clone the layer, or wrap it in `Bidirectional`.
        fused: bool, whether training may run a fused loop over the sequence, with the same
            results within rounding: see docs/performance.md. False always trains step by step,
            through the cell.
        All others: as in `keras.layers.LSTM`, with `recurrent_activation="sigmoid"`.

    Call arguments: as in `keras.layers.LSTM`; `sequences` has shape (batch, time, features).

    Raises:
        ValueError: a setting is out of range; or, in training, the epoch is not set.

    Example:

    >>> NEMLSTM(4, noise_std=0.3)(keras.Input((3, 5))).shape
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
        unit_forget_bias=True,
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
        cell = NEMLSTMCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
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
            name="lstm_cell",
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
