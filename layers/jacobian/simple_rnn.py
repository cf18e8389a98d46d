"""A SimpleRNN with a penalty on the singular values of its step Jacobians."""

import keras
from keras import ops

from rnnzoo.layers.common.arguments import one_of, whole_number
from rnnzoo.layers.common.checked_inputs import CheckedInputs
from rnnzoo.layers.common.derived_seeds import DerivedSeeds
from rnnzoo.layers.fused import dispatch
from rnnzoo.layers.jacobian import sampling
from rnnzoo.layers.jacobian.activation_derivatives import activation_derivative
from rnnzoo.layers.jacobian.penalty import JacobianPenalty, step_jacobians
from rnnzoo.layers.jacobian.step import SimpleRNNStep

# Separates the draw of the steps from a seeded layer's dropout, which uses the seed itself.
SAMPLE_STREAM = 0x535644


def unfused_reason(layer, mask=None):
    """The reason why an `SVDSimpleRNN` trains step by step, or None; see `dispatch`."""
    try:
        activation_derivative(layer.activation)
    except ValueError:
        return "the derivative of the activation is not known"
    return dispatch.unfused_reason(layer, mask)


@keras.saving.register_keras_serializable("rnnzoo")
class SVDSimpleRNN(CheckedInputs, keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN` with step Jacobians whose singular values stay near one.

    In training the layer adds the `JacobianPenalty` of some steps, sampled anew in every batch, to
    its losses, and `fit` logs the mean as `LAYER_jacobian_penalty`. As with every metric,
    `evaluate` and `train_on_batch` then return a list; there is no penalty in `evaluate`, which
    returns 0. On JAX a layer has no metrics: the penalty is in the loss, but not in the logs. In
    inference the layer is a `SimpleRNN`. Equations (4.17)-(4.25) of [TH]: Bay, "Recurrent Neural
    Networks: Methods and Applications to Non-linear Predictions", 2017.

    The Jacobian is that of the step without dropout, at the states of the training pass. Its
    gradient flows to the weights of this layer: states and inputs are held fixed, as in (4.23).

    Args:
        units: int, N.
        activation: name or function; with a penalty, an elementwise one of `keras.activations`.
        rho, tau: float, bounds of the singular values.
        rms: float, target of their root mean square.
        interval_weight: float, weight of the penalty outside the bounds; 0 for none.
        rms_weight: float, weight of the penalty on the root mean square; 0 for none.
        jacobian_samples: int, number of (sample, step) pairs per batch.
        jacobian_steps: `"all"`, or `"late"` for the last quarter of the steps. Masked steps are
            not sampled.
        fused: bool, whether training may run a fused loop over the sequence, with the same
            results within rounding.
        All others: as in `keras.layers.SimpleRNN`, in its order.

    Call arguments:
        sequence: tensor (batch, time, features).
        mask, training, initial_state: see `keras.layers.SimpleRNN`.

    Raises:
        ValueError: a setting is out of range, or the activation is not elementwise.

    Example:

    >>> SVDSimpleRNN(4, rho=0.8)(keras.Input((3, 5))).shape
    (None, 4)
    """

    def __init__(
        self,
        units,
        activation="tanh",
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
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        seed=None,
        *,
        rho=0.9,
        tau=1.1,
        rms=1.0,
        interval_weight=1.0,
        rms_weight=10.0,
        jacobian_samples=16,
        jacobian_steps="all",
        fused=True,
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            seed=seed,
            **kwargs,
        )
        self.jacobian_penalty = JacobianPenalty(rho, tau, rms, interval_weight, rms_weight)
        self.jacobian_samples = whole_number("jacobian_samples", jacobian_samples)
        self.jacobian_steps = one_of("jacobian_steps", jacobian_steps, sampling.STEPS)
        self.fused = one_of("fused", fused, (True, False))
        if self.jacobian_penalty.on:
            activation_derivative(self.activation)  # raises if it is not known
        # The two directions of a `Bidirectional` have the same seed and must draw different steps.
        stream = bool(go_backwards) + SAMPLE_STREAM
        self.jacobian_seeds = DerivedSeeds(self.cell.seed_generator, stream)
        self.jacobian_metric = None
        # On JAX a layer's metric cannot be updated in its call.
        if self.jacobian_penalty.on and keras.backend.backend() != "jax":
            self.jacobian_metric = keras.metrics.Mean(name=f"{self.name}_jacobian_penalty")

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """The loop, and in training the penalty of some of its steps."""
        penalised = training and self.jacobian_penalty.on
        fused = training and unfused_reason(self, mask) is None
        if not (penalised or fused):
            return super().inner_loop(sequences, initial_state, mask, training)
        sequences, initial_state, mask = dispatch.standardize_loop_inputs(
            self, sequences, initial_state, mask
        )
        if fused:
            step, biases = SimpleRNNStep(self.activation), (self.cell.bias, None)
            last, outputs, states = dispatch.run_fused(
                self,
                step,
                biases,
                sequences,
                initial_state,
                mask,
                return_sequences=penalised or self.return_sequences,
            )
        else:
            layer = self._layer_of_all_steps()
            last, outputs, states = layer.inner_loop(sequences, initial_state, mask, training)
        if self.go_backwards:
            sequences, mask = (None if a is None else ops.flip(a, 1) for a in (sequences, mask))
        if penalised:
            self._add_penalty(sequences, initial_state[0], outputs, mask)
        if mask is not None and self.zero_output_for_mask:
            outputs = ops.where(mask[..., None], outputs, 0)
            last = outputs[:, -1]
        return last, outputs if self.return_sequences else last[:, None], states

    def _layer_of_all_steps(self):
        """A layer with the same cell that returns the outputs of all steps, without zeros."""
        return keras.layers.RNN(
            self.cell,
            return_sequences=True,
            go_backwards=self.go_backwards,
            unroll=self.unroll,
            name=f"{self.name}_steps",
        )

    def _add_penalty(self, sequences, initial_state, outputs, mask):
        """Adds the penalty to the losses.

        Args:
            sequences: tensor (batch, time, features), in the order of the loop, as all others.
            initial_state: tensor (batch, units).
            outputs: tensor (batch, time, units), h after each step.
            mask: bool tensor (batch, time), or None.
        """
        sizes = zip(sequences.shape, ops.shape(sequences), strict=True)
        batch, time, features = (b if a is None else a for a, b in sizes)
        if 0 in sequences.shape:  # there is no step to sample
            return
        before = outputs[:, :-1]
        if mask is not None:
            # Before the first valid step the outputs are 0, whatever the states.
            started = ops.cumsum(ops.cast(mask[:, :-1], "int32"), axis=1) > 0
            before = ops.where(started[..., None], before, initial_state[:, None])
        before = ops.concatenate([initial_state[:, None], before], axis=1)
        indices, valid = sampling.sample_steps(
            (batch, time), self.jacobian_samples, self.jacobian_steps, mask, self.jacobian_seeds
        )
        # Invalid steps may not be finite, and would return in the gradient as 0 * NaN.
        x, h = (
            ops.where(valid[:, None], ops.take(ops.reshape(a, (-1, width)), indices, axis=0), 0)
            for a, width in ((sequences, features), (before, self.units))
        )
        # Under mixed precision, a separate layer reads the weights before they are rounded.
        dtype = "float64" if self.compute_dtype == "float64" else "float32"
        jacobians = keras.layers.Lambda(
            lambda steps: step_jacobians(self.cell, *steps), dtype=dtype, name="step_jacobians"
        )([x, h])
        penalty = self.jacobian_penalty(jacobians, valid)
        # Keras adds it to the loss, which has this type under every policy of the layer.
        self.add_loss(ops.cast(penalty, keras.config.floatx()))
        if self.jacobian_metric is not None:
            self.jacobian_metric.update_state(penalty)

    def get_config(self):
        """The arguments of the constructor."""
        return {
            **super().get_config(),
            **self.jacobian_penalty.get_config(),
            "seed": self.cell.seed,
            "jacobian_samples": self.jacobian_samples,
            "jacobian_steps": self.jacobian_steps,
            "fused": self.fused,
        }
