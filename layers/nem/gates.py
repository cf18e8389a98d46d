"""What the noisy LSTM and GRU cells and layers share."""

import keras
from keras import ops

from rnnzoo.layers.common.arguments import one_of
from rnnzoo.layers.common.derived_seeds import DerivedSeeds
from rnnzoo.layers.fused.dispatch import standardize_loop_inputs
from rnnzoo.layers.nem import fused_training, rules
from rnnzoo.layers.nem.annealing import Annealing
from rnnzoo.layers.nem.settings import NoiseSettings

# Keeps the noise of a seeded layer apart from its dropout, which has the seed itself.
NOISE_STREAM = 0x4E454D


def projected(inputs, kernel, masks):
    """inputs @ kernel, under dropout.

    Args:
        inputs: tensor (batch, n).
        kernel: tensor (n, gates * units).
        masks: None, one mask (batch, n) for all gates, or a list with one for each, as the
            `implementation` of the cell has it.
    """
    if masks is None:
        return ops.matmul(inputs, kernel)
    if not isinstance(masks, list):
        return ops.matmul(inputs * masks, kernel)
    parts = ops.split(kernel, len(masks), axis=1)
    pairs = zip(masks, parts, strict=True)
    return ops.concatenate([ops.matmul(inputs * mask, part) for mask, part in pairs], axis=-1)


class NoisyGates:
    """Mixed into a Keras cell: the noise of its sigmoid gates.

    In training the input of a step is followed by the unit noise of its gates, which the layer
    drew before the loop; a cell that stands alone draws it itself.
    """

    GATES = ()

    def configure_noise(self, noise_gates, **settings):
        """Keeps the settings; the cell calls it once, at the end of its constructor."""
        self.noise = NoiseSettings(**settings)
        wanted = self.GATES if noise_gates is None else noise_gates
        known = isinstance(wanted, list | tuple) and all(gate in self.GATES for gate in wanted)
        if not known or len(set(wanted)) < len(wanted):
            accepted = ", ".join(map(repr, self.GATES))
            raise ValueError(f"noise_gates is {noise_gates!r}: give a list of some of {accepted}")
        self.noise_gates = tuple(wanted)
        self.annealing = Annealing(self.noise.anneal)
        # Its pre-activation is logit(g) only then.
        activation = self.recurrent_activation
        if self.noise_on and activation is not keras.activations.sigmoid:
            name = getattr(activation, "__name__", activation)
            raise ValueError(
                f"recurrent_activation is {name}: noise needs 'sigmoid' gates; "
                "for another activation choose noise='none'"
            )

    @property
    def noise_on(self):
        """Whether training sees any noise."""
        return self.noise.on and bool(self.noise_gates)

    @property
    def noise_width(self):
        """Length of the noise of one step: units for each noisy gate."""
        return self.units * len(self.noise_gates)

    def noise_config(self):
        """The noise's arguments again, for `get_config`."""
        return {**self.noise.config(), "noise_gates": list(self.noise_gates)}

    def draw_gates(self, steps_shape, seed):
        """Unit noise (*steps_shape, gates, units) in float32, each gate's on its own."""
        return self.noise.draw((*steps_shape, len(self.noise_gates), self.units), seed)

    def draw_noise(self, steps_shape, seed):
        """The same side by side, (*steps_shape, noise_width)."""
        return ops.reshape(self.draw_gates(steps_shape, seed), (*steps_shape, self.noise_width))

    def split_noise(self, inputs):
        """(inputs, dict from gate to its unit noise (batch, units)) of one step."""
        features = self.kernel.shape[0]
        if inputs.shape[-1] != features:
            inputs, unit = inputs[:, :features], inputs[:, features:]
        elif keras.backend.backend() == "jax":
            # Its loop is a scan, from which the state of a random generator cannot escape.
            layer = type(self).__name__.removesuffix("Cell")
            raise ValueError(f"on JAX {type(self).__name__} draws no noise by itself: use {layer}")
        else:
            unit = self.draw_noise((ops.shape(inputs)[0],), self.seed_generator)
        parts = ops.split(unit, len(self.noise_gates), axis=-1)
        return inputs, dict(zip(self.noise_gates, parts, strict=True))

    def noisy_gates(self, inputs, trace=None, scale=None):
        """What one step needs: its inputs, and the function that applies a gate's noise.

        Args:
            inputs: tensor (batch, features), or with the unit noise behind.
            trace: dict that takes (activation, gain) under each gate's name, or None.
            scale: the deviation s; None for that of the epoch.

        Returns:
            tensor (batch, features), and a function of a gate's name and its pre-activation
            log(g / (1 - g)) (batch, units) that returns the gate (batch, units).
        """
        inputs, unit = self.split_noise(inputs)
        # The sum over the units loses too much in half precision.
        precision = "float64" if self.compute_dtype == "float64" else "float32"
        scale = self.noise.std * self.annealing.scale() if scale is None else scale
        scale = ops.cast(scale, precision)

        def noisy_gate(name, logit):
            gate = ops.sigmoid(logit)
            if name not in unit:
                return gate
            exact, logit = ops.cast(gate, precision), ops.cast(logit, precision)
            noisy = self.noise.noisy(exact, ops.cast(unit[name], precision), scale)

            def gain():
                return rules.gate_gain(noisy - exact, logit)

            if trace is not None:
                trace[name] = (exact, gain())
            return ops.cast(self.noise.select(exact, noisy, gain), gate.dtype)

        return inputs, noisy_gate

    @property
    def variables(self):
        """All state, with the scale of an annealed noise, which is none of the weights."""
        return [*super().variables, *self.annealing.variables]


class NoisySequence:
    """Mixed into `keras.layers.LSTM` and `GRU`: draws the noise of all steps before the loop."""

    def start_as(self, cell, use_cudnn, fused, **kwargs):
        """Stands in for the constructor of Keras's layer, which would make a cell of its own."""
        keras.layers.RNN.__init__(self, cell, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.use_cudnn = one_of("use_cudnn", use_cudnn, ("auto", True, False))
        self.fused = one_of("fused", fused, (True, False))
        if keras.backend.backend() == "tensorflow" and use_cudnn:
            self.supports_jit = False  # as Keras does: cuDNN's kernels cannot be compiled
        # The two ways of a `Bidirectional` have one seed, and must not have one noise.
        stream = bool(self.go_backwards) + NOISE_STREAM
        self.noise_seeds = DerivedSeeds(cell.seed_generator, stream)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Training as a whole where that is possible; else Keras's loop over the cell."""
        if not training:
            return super().inner_loop(sequences, initial_state, mask, training)
        sequences, initial_state, mask = standardize_loop_inputs(
            self, sequences, initial_state, mask
        )
        steps = ops.shape(sequences)[:2]
        if fused_training.unfused_reason(self, mask) is None:
            unit = self.cell.draw_gates(steps, self.noise_seeds) if self.cell.noise_on else None
            return fused_training.run_fused(self, sequences, initial_state, mask, unit)
        if not self.cell.noise_on:
            return super().inner_loop(sequences, initial_state, mask, training)
        unit = self.cell.draw_noise(steps, self.noise_seeds)
        noisy = ops.concatenate([sequences, ops.cast(unit, sequences.dtype)], axis=-1)
        return keras.layers.RNN.inner_loop(self, noisy, initial_state, mask, training)

    def get_config(self):
        """The arguments of the constructor."""
        config = {**super().get_config(), **self.cell.noise_config()}
        return {**config, "use_cudnn": self.use_cudnn, "fused": self.fused}
