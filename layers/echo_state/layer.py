"""An echo state network: a Keras layer with a fixed random reservoir."""

import random

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.arguments import fraction, nonnegative, one_of, whole_number
from rnnzoo.layers.common.checked_inputs import CheckedInputs
from rnnzoo.layers.echo_state.reservoir import recurrent_weights, uniform_weights
from rnnzoo.layers.echo_state.step import LeakyStep
from rnnzoo.layers.fused import dispatch
from rnnzoo.layers.jacobian.activation_derivatives import activation_derivative

# Random streams of the weights.
INPUT, RECURRENT, BIAS = range(3)


@keras.saving.register_keras_serializable("rnnzoo")
class EchoStateCell(keras.layers.SimpleRNNCell):
    """One step of `EchoState`, with its arguments."""

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        *,
        leak=1.0,
        spectral_radius=0.9,
        norm=None,
        connectivity=1.0,
        input_scaling=1.0,
        bias_scaling=0.0,
        seed=None,
        **kwargs,
    ):
        self.leak = fraction("leak", leak)
        self.connectivity = fraction("connectivity", connectivity)
        self.spectral_radius = self.norm = None
        if norm is None:
            self.spectral_radius = nonnegative("spectral_radius", spectral_radius)
        else:
            self.norm = nonnegative("norm", norm)
        self.input_scaling = nonnegative("input_scaling", input_scaling)
        self.bias_scaling = nonnegative("bias_scaling", bias_scaling)
        reservoir_seed = random.randrange(2**31) if seed is None else whole_number("seed", seed, 0)
        kwargs = {"trainable": False, **kwargs}

        def initializer(stream, weights, *arguments):
            def initialize(shape, dtype=None):
                rng = np.random.default_rng([reservoir_seed, stream])
                return ops.convert_to_tensor(weights(shape, rng, *arguments), dtype)

            return initialize

        recurrent_arguments = (self.connectivity, self.spectral_radius, self.norm)
        super().__init__(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=initializer(INPUT, uniform_weights, self.input_scaling),
            recurrent_initializer=initializer(RECURRENT, recurrent_weights, *recurrent_arguments),
            bias_initializer=initializer(BIAS, uniform_weights, self.bias_scaling),
            seed=reservoir_seed,
            **kwargs,
        )
        activation_derivative(self.activation)  # raises if it is not elementwise

    def call(self, sequence, states, training=False):
        """One step: (output, states)."""
        before = states[0] if isinstance(states, list | tuple) else states
        output, _ = super().call(sequence, states, training=training)
        h = (1 - self.leak) * before + self.leak * output
        return h, [h] if isinstance(states, list | tuple) else h

    def get_config(self):
        """The arguments of the constructor."""
        own = (
            "units",
            "use_bias",
            "leak",
            "spectral_radius",
            "norm",
            "connectivity",
            "input_scaling",
            "bias_scaling",
            "seed",
        )
        return {
            **keras.layers.Layer.get_config(self),
            "activation": keras.activations.serialize(self.activation),
            **{name: getattr(self, name) for name in own},
        }


@keras.saving.register_keras_serializable("rnnzoo")
class EchoState(CheckedInputs, keras.layers.RNN):
    """A fixed random recurrent network (reservoir), for a trained readout.

        h(t) = (1 - leak) h(t-1) + leak phi(A x(t) + B h(t-1) + b)

    with random constant A, B and b. The states are echoes of the inputs if they forget the initial
    state: [TH] chapter 3, and `limit_cycle_certificate`. For a `Dense` layer after it,
    `least_squares_init(model, x, y, iterations=1, step=1)` computes the readout in closed form, and
    `fit` trains it further. With `trainable = True`, `fit` trains the reservoir too.

    Args:
        units: int.
        activation: elementwise activation of Keras.
        use_bias: bool.
        leak: float in (0, 1]; with 1 there is no leaky integration.
        spectral_radius: float, of B.
        norm: float, the 2-norm of B, in place of its spectral radius; below 1 (with leak 1) the
            states are echoes for every input.
        connectivity: float in (0, 1], the fraction of the entries of B that are not 0.
        input_scaling: float, the entries of A are uniform in [-input_scaling, input_scaling].
        bias_scaling: float, the same for b.
        seed: int of the random weights; None for a random seed, see
            `keras.utils.set_random_seed`. `keras.layers.Bidirectional` runs the same reservoir
            backwards: give it a `backward_layer` with another seed for two reservoirs.
        return_sequences, return_state, go_backwards, stateful, unroll: as of
            `keras.layers.SimpleRNN`.
        fused: bool, whether a fused loop over the sequence may run, with the same results within
            rounding; False always runs step by step, through the cell.
        **kwargs: as of `keras.layers.Layer`; `trainable` is False by default.

    Call arguments:
        sequences: tensor (batch, time, features).
        mask, training, initial_state: as of `keras.layers.SimpleRNN`.

    Returns:
        tensor (batch, units), or with `return_sequences` (batch, time, units).

    Raises:
        ValueError: an argument is out of range.

    Example:

    >>> EchoState(100, spectral_radius=0.8)(keras.Input((20, 3))).shape
    (None, 100)
    """

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        *,
        leak=1.0,
        spectral_radius=0.9,
        norm=None,
        connectivity=1.0,
        input_scaling=1.0,
        bias_scaling=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        fused=True,
        **kwargs,
    ):
        kwargs = {"trainable": False, **kwargs}
        cell = EchoStateCell(
            units,
            activation,
            use_bias,
            leak=leak,
            spectral_radius=spectral_radius,
            norm=norm,
            connectivity=connectivity,
            input_scaling=input_scaling,
            bias_scaling=bias_scaling,
            seed=seed,
            dtype=kwargs.get("dtype"),
            trainable=kwargs["trainable"],
            name="echo_state_cell",
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            **kwargs,
        )
        self.fused = one_of("fused", fused, (True, False))

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """The fused loop where it can run, in training and in inference."""
        if dispatch.unfused_reason(self, mask) is not None:
            return super().inner_loop(sequences, initial_state, mask, training)
        sequences, states, mask = dispatch.standardize_loop_inputs(
            self, sequences, initial_state, mask
        )
        step = LeakyStep(self.cell.activation, self.cell.leak)
        biases = (self.cell.bias, None)
        return dispatch.run_fused(
            self, step, biases, sequences, states, mask, training=self.trainable
        )

    def drive(self, x):
        """The drive A x(t) + b of every step, for `limit_cycle_certificate`.

        Args:
            x: array (time, features) or (batch, time, features).

        Returns:
            float64 array (time, units) or (batch, time, units).

        Raises:
            ValueError: the layer is not built, or x has another shape.
        """
        x = np.asarray(x, "float64")
        if not self.built:
            raise ValueError(f"{self.name} has no weights yet: build it, or call it once")
        a = ops.convert_to_numpy(self.cell.kernel).astype("float64")
        if x.ndim not in (2, 3) or x.shape[-1] != len(a):
            raise ValueError(f"x has shape {x.shape}: give (time, {len(a)}) or a batch of them")
        drive = x @ a
        return drive + ops.convert_to_numpy(self.cell.bias) if self.cell.use_bias else drive

    def get_config(self):
        """The arguments of the constructor."""
        cell = self.cell.get_config()
        for name in ("name", "trainable", "dtype"):
            cell.pop(name)
        config = super().get_config()
        del config["cell"]
        return {**config, **cell, "fused": self.fused}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The layer that `get_config` describes."""
        return cls(**config)
