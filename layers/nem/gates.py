"""What the noisy LSTM and GRU cells and layers share."""

import keras
from keras import ops

from rnnzoo.layers.common.arguments import one_of
from rnnzoo.layers.common.checked_inputs import CheckedInputs
from rnnzoo.layers.common.derived_seeds import DerivedSeeds
from rnnzoo.layers.fused.dispatch import standardize_loop_inputs
from rnnzoo.layers.nem import fused_training, rules
from rnnzoo.layers.nem.annealing import Annealing
from rnnzoo.layers.nem.settings import NoiseSettings

# Separates the noise of a seeded layer from its dropout, which uses the seed itself.
NOISE_STREAM = 0x4E454D


def projected(inputs, kernel, masks):
    """inputs @ kernel, with dropout.

    Args:
        inputs: tensor (batch, n).
        kernel: tensor (n, gates * units).
        masks: None; a dropout mask (batch, n) for all gates; or a list with a mask per gate: it
            depends on the `implementation` of the cell.

    Returns:
        tensor (batch, gates * units).
    """
    if masks is None:
        return ops.matmul(inputs, kernel)
    if not isinstance(masks, list):
        return ops.matmul(inputs * masks, kernel)
    parts = ops.split(kernel, len(masks), axis=1)
    pairs = zip(masks, parts, strict=True)
    return ops.concatenate([ops.matmul(inputs * mask, part) for mask, part in pairs], axis=-1)


class NoisyGates:
    """Mixin of a Keras cell: noise in its sigmoid gates.

    In training the inputs of a step have shape (batch, features + noise_width): the layer has
    drawn the unit noise of all steps before the loop and concatenates it. A cell that is called
    with (batch, features) draws the noise itself.
    """

    GATES = ()

    def configure_noise(self, noise_gates, **settings):
        """Sets up the noise; the cell calls it at the end of its constructor."""
        self.noise = NoiseSettings(**settings)
        gates = self.GATES if noise_gates is None else noise_gates
        known = isinstance(gates, list | tuple) and all(gate in self.GATES for gate in gates)
        if not known or len(set(gates)) < len(gates):
            accepted = ", ".join(map(repr, self.GATES))
            raise ValueError(f"noise_gates is {noise_gates!r}: give a list of some of {accepted}")
        self.noise_gates = tuple(gates)
        self.annealing = Annealing(self.noise.anneal)
        # The pre-activation of a gate is logit(g) only for the sigmoid.
        activation = self.recurrent_activation
        if self.noise_on and activation is not keras.activations.sigmoid:
            name = getattr(activation, "__name__", activation)
            raise ValueError(
                f"recurrent_activation is {name}: noise needs 'sigmoid' gates; "
                "for another activation choose noise='none'"
            )

    @property
    def noise_on(self):
        """Whether there is any noise in training."""
        return self.noise.on and bool(self.noise_gates)

    @property
    def noise_width(self):
        """Length of the noise of one step: units times noisy gates."""
        return self.units * len(self.noise_gates)

    def noise_config(self):
        """The noise's arguments of the constructor."""
        return {**self.noise.get_config(), "noise_gates": list(self.noise_gates)}

    def draw_gates(self, steps_shape, seed):
        """Draws unit noise, a vector per gate: float32 (*steps_shape, gates, units)."""
        return self.noise.draw((*steps_shape, len(self.noise_gates), self.units), seed)

    def draw_noise(self, steps_shape, seed):
        """As `draw_gates`, concatenated: (*steps_shape, noise_width)."""
        return ops.reshape(self.draw_gates(steps_shape, seed), (*steps_shape, self.noise_width))

    def split_noise(self, inputs):
        """The inputs (batch, features) of a step, and its unit noise (batch, units) by gate."""
        features = self.kernel.shape[0]
        if inputs.shape[-1] != features:
            inputs, unit = inputs[:, :features], inputs[:, features:]
        elif keras.backend.backend() == "jax":
            # A generator's state cannot change inside of JAX's scan.
            layer = type(self).__name__.removesuffix("Cell")
            raise ValueError(f"on JAX {type(self).__name__} draws no noise by itself: use {layer}")
        else:
            unit = self.draw_noise((ops.shape(inputs)[0],), self.seed_generator)
        parts = ops.split(unit, len(self.noise_gates), axis=-1)
        return inputs, dict(zip(self.noise_gates, parts, strict=True))

    def noise_scale(self):
        """s of the epoch, a float or scalar tensor."""
        return self.noise.std * self.annealing.scale()

    def open_gate(self, name, logit, unit, scale, trace=None):
        """A gate of one step with its noise: Algorithm 1 of [NB].

        Args:
            name: str, one of `GATES`.
            logit: tensor (batch, units), the pre-activation log(g / (1 - g)).
            unit: dict from the name of a noisy gate to its unit noise (batch, units).
            scale: scalar, s.
            trace: dict that receives (g, gain), tensors (batch, units) and (batch,), under the
                gate's name; or None.

        Returns:
            tensor (batch, units).
        """
        gate = ops.sigmoid(logit)
        if name not in unit:
            return gate
        # The sum over the units loses too much in half precision.
        precision = "float64" if self.compute_dtype == "float64" else "float32"
        g, logit, u, s = (ops.cast(a, precision) for a in (gate, logit, unit[name], scale))
        noisy = self.noise.noisy(g, u, s)

        def gain():
            return rules.gate_gain(noisy - g, logit)

        if trace is not None:
            trace[name] = (g, gain())
        return ops.cast(self.noise.select(g, noisy, gain), gate.dtype)

    @property
    def variables(self):
        """All state, with the scale of annealed noise, which is not a weight."""
        return [*super().variables, *self.annealing.variables]


class NoisySequence(CheckedInputs):
    """Mixin of `keras.layers.LSTM` and `GRU`: draws the noise of all steps before the loop."""

    def init_with_cell(self, cell, use_cudnn, fused, **kwargs):
        """Replaces the constructor of Keras's layer, which would create its own cell."""
        keras.layers.RNN.__init__(self, cell, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.use_cudnn = one_of("use_cudnn", use_cudnn, ("auto", True, False))
        self.fused = one_of("fused", fused, (True, False))
        if keras.backend.backend() == "tensorflow" and use_cudnn:
            self.supports_jit = False  # as Keras does: cuDNN's kernels cannot be compiled
        # The two directions of a `Bidirectional` have the same seed and must draw different noise.
        stream = bool(self.go_backwards) + NOISE_STREAM
        self.noise_seeds = DerivedSeeds(cell.seed_generator, stream)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """The fused loop in training where it can run, else Keras's loop over the cell."""
        if not training and sequences.shape[0] == 0:
            return self._empty_loop(sequences)
        if not training:
            return super().inner_loop(sequences, initial_state, mask, training)
        sequences, initial_state, mask = standardize_loop_inputs(
            self, sequences, initial_state, mask
        )
        steps = ops.shape(sequences)[:2]
        if fused_training.unfused_reason(self, mask) is None:
            noise_on = self.cell.noise_on
            unit = self.cell.draw_gates(steps, self.noise_seeds) if noise_on else None
            return fused_training.run_fused(self, sequences, initial_state, mask, unit)
        if not self.cell.noise_on:
            return super().inner_loop(sequences, initial_state, mask, training)
        unit = self.cell.draw_noise(steps, self.noise_seeds)
        noisy = ops.concatenate([sequences, ops.cast(unit, sequences.dtype)], axis=-1)
        return keras.layers.RNN.inner_loop(self, noisy, initial_state, mask, training)

    def _empty_loop(self, sequences):
        """What `inner_loop` returns for no sequence; the cell of `LSTM` fails on TensorFlow."""
        steps = sequences.shape[1] if self.return_sequences else 1
        last = ops.zeros((0, self.units), self.compute_dtype)
        outputs = ops.zeros((0, steps, self.units), self.compute_dtype)
        return last, outputs, self.get_initial_state(0)

    def get_config(self):
        """The arguments of the constructor."""
        config = {**super().get_config(), **self.cell.noise_config()}
        return {**config, "use_cudnn": self.use_cudnn, "fused": self.fused}
