"""A SimpleRNN whose gradients do not vanish."""

import keras
from keras import ops

from rnnzoo.layers.common.arguments import one_of, whole_number
from rnnzoo.layers.common.derived_seeds import DerivedSeeds
from rnnzoo.layers.fused import dispatch
from rnnzoo.layers.jacobian import sampling
from rnnzoo.layers.jacobian.activation_derivatives import activation_derivative
from rnnzoo.layers.jacobian.penalty import JacobianPenalty, step_jacobians
from rnnzoo.layers.jacobian.step import SimpleRNNStep

# Keeps the draw of the steps apart from a seeded layer's dropout, which has the seed itself.
SAMPLE_STREAM = 0x535644


def unfused_reason(layer, mask=None):
    """The reason why an `SVDSimpleRNN` trains step by step, or None; see `dispatch`."""
    try:
        activation_derivative(layer.activation)
    except ValueError:
        return "the derivative of the activation is not known"
    return dispatch.unfused_reason(layer, mask)


@keras.saving.register_keras_serializable("rnnzoo")
class SVDSimpleRNN(keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN` whose step Jacobians keep their singular values near one.

    In training a `JacobianPenalty` of some steps, drawn anew in every batch, stands among the
    losses of the layer, and its mean under `LAYER_jacobian_penalty` in the logs of `fit`. As with
    every metric, `evaluate` and `train_on_batch` then return a list; `evaluate`, which pays
    nothing, says 0. On JAX a layer has no metrics: the penalty is in the loss, and not in the logs.
    In inference the layer is a `SimpleRNN`. Equations (4.17)-(4.25) of [TH]: Bay, "Recurrent Neural
    Networks: Methods and Applications to Non-linear Predictions", 2017.

    The Jacobian is that of the step without dropout, at the states that training visits, and its
    gradient goes to the weights of this layer: states and inputs are held fixed, as in (4.23).

    Args:
        units: int, N.
        activation: name or function; with a penalty, an elementwise one of `keras.activations`.
        rho, tau: float, bounds of the singular values.
        rms: float, what their root mean square should be.
        interval_weight: float, weight of the bounds' cost beside the loss; 0 for none.
        rms_weight: float, weight of the root mean square's cost; 0 for none.
        jacobian_samples: int, how many (sample, step) pairs of a batch.
        jacobian_steps: `"all"`, or `"late"`: of the last quarter of the steps. Those that a mask
            leaves out are not drawn.
        fused: bool, whether training may use a kernel for the whole loop; the results are the same
            within rounding.
        others: those of `keras.layers.SimpleRNN`, in its order.

    Call arguments:
        sequence: tensor (batch, time, features).
        mask, training, initial_state: see `keras.layers.SimpleRNN`.

    Raises:
        ValueError: a setting is out of its range, or the activation is not elementwise.
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
            activation_derivative(self.activation)  # refuses what has none
        # The two ways of a `Bidirectional` have one seed, and must not have one draw.
        stream = bool(go_backwards) + SAMPLE_STREAM
        self.jacobian_seeds = DerivedSeeds(self.cell.seed_generator, stream)
        self.jacobian_metric = None
        # On JAX a layer's metric cannot be updated in its call.
        if self.jacobian_penalty.on and keras.backend.backend() != "jax":
            self.jacobian_metric = keras.metrics.Mean(name=f"{self.name}_jacobian_penalty")

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """The loop, and in training the penalty of some of its steps."""
        pays = training and self.jacobian_penalty.on
        at_once = training and unfused_reason(self, mask) is None
        if not (pays or at_once):
            return super().inner_loop(sequences, initial_state, mask, training)
        sequences, initial_state, mask = dispatch.standardize_loop_inputs(
            self, sequences, initial_state, mask
        )
        every = pays or self.return_sequences
        if at_once:
            step, biases = SimpleRNNStep(self.activation), (self.cell.bias, None)
            found = dispatch.run_fused(
                self, step, biases, sequences, initial_state, mask, every=every
            )
        else:
            found = self._all_steps().inner_loop(sequences, initial_state, mask, training)
        last, outputs, states = found
        if self.go_backwards:
            sequences, mask = (None if a is None else ops.flip(a, 1) for a in (sequences, mask))
        if pays:
            self._pay(sequences, initial_state[0], outputs, mask)
        if mask is not None and self.zero_output_for_mask:
            outputs = ops.where(mask[..., None], outputs, 0)
            last = outputs[:, -1]
        return last, outputs if self.return_sequences else last[:, None], states

    def _all_steps(self):
        """A layer with the same loop that returns the outputs of all steps, none of them masked."""
        return keras.layers.RNN(
            self.cell,
            return_sequences=True,
            go_backwards=self.go_backwards,
            unroll=self.unroll,
            name=f"{self.name}_steps",
        )

    def _pay(self, sequences, first, outputs, mask):
        """Adds the penalty to the losses; all arguments in the order of the loop."""
        sizes = zip(sequences.shape, ops.shape(sequences), strict=True)
        batch, time, features = (b if a is None else a for a, b in sizes)
        if 0 in sequences.shape:  # there is no step to draw
            return
        before = outputs[:, :-1]
        if mask is not None:
            # Until a step counts the outputs are 0, whatever the states.
            begun = ops.cumsum(ops.cast(mask[:, :-1], "int32"), axis=1) > 0
            before = ops.where(begun[..., None], before, first[:, None])
        before = ops.concatenate([first[:, None], before], axis=1)
        places, counts = sampling.sample_steps(
            (batch, time), self.jacobian_samples, self.jacobian_steps, mask, self.jacobian_seeds
        )
        # What does not count may not be finite, and would come back in the gradient as 0 * NaN.
        x, h = (
            ops.where(counts[:, None], ops.take(ops.reshape(a, (-1, width)), places, axis=0), 0)
            for a, width in ((sequences, features), (before, self.units))
        )
        # Under mixed precision, a layer of its own reads the weights before they are rounded.
        dtype = "float64" if self.compute_dtype == "float64" else "float32"
        jacobians = keras.layers.Lambda(
            lambda given: step_jacobians(self.cell, *given), dtype=dtype, name="step_jacobians"
        )([x, h])
        penalty = self.jacobian_penalty(jacobians, counts)
        self.add_loss(penalty)
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
