"""Statistics of a model's noise, measured on one batch outside of training."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from rnnzoo.layers.common.record_loops import record_loops
from rnnzoo.layers.nem.losses import NEMLoss
from rnnzoo.layers.nem.model import NEMModel
from rnnzoo.layers.nem.schedule import noisy_layers

# A gate within this distance of 0 or 1 is saturated.
SATURATED = 0.05


@dataclass(frozen=True)
class NoiseStatistics:
    """Statistics of a gate, or of an output, over the samples and steps of a batch.

    Args:
        acceptance: float, share of the noise vectors that make the signal more probable.
        gain: float, mean of log p(noisy) - log p(clean) over those, in nats; NaN without any.
        scale: float, the current standard deviation s of the noise.
        activation: array of the clean activations of a gate; the outputs for targets.
    """

    acceptance: float
    gain: float
    scale: float
    activation: np.ndarray

    @property
    def saturation(self):
        """Share of the activations within 0.05 of 0 or 1."""
        return float(np.mean(np.abs(self.activation - 0.5) > 0.5 - SATURATED))


def _statistics(gains, activation, scale):
    accepted = gains[gains >= 0]
    return NoiseStatistics(
        acceptance=len(accepted) / max(len(gains), 1),
        gain=float(np.mean(accepted)) if len(accepted) else float("nan"),
        scale=scale,
        activation=activation,
    )


def _scale(layer):
    """s of this epoch, or of the last epoch that was set."""
    variables = layer.annealing.variables
    factor = float(ops.convert_to_numpy(variables[0])) if variables else 1.0
    return layer.noise.std * factor


def _gates(layer, loops, seeds):
    """Repeats the noisy forward pass step by step: dict from gate to `NoiseStatistics`."""
    cell, scale, trace = layer.cell, _scale(layer.cell), {}

    def noisy_step(inputs_and_states):
        return cell.noisy_step(*inputs_and_states, trace, dropout=False, scale=scale)

    # A layer's call reads the weights in its precision, as the cell's own call does.
    step = keras.layers.Lambda(noisy_step, dtype=cell.dtype_policy)
    gains = {gate: [] for gate in cell.noise_gates}
    activations = {gate: [] for gate in cell.noise_gates}
    for loop in loops:
        batch, steps = loop.sequences.shape[:2]
        unit = ops.cast(cell.draw_noise((batch, steps), seeds), loop.sequences.dtype)
        states = loop.states
        for t, (x, mask) in enumerate(loop.steps()):
            _, new = step([ops.concatenate([x, unit[:, t]], axis=-1), states])
            valid = np.ones(batch, bool) if mask is None else ops.convert_to_numpy(mask)
            for gate, (activation, gain) in trace.items():
                gains[gate].append(ops.convert_to_numpy(gain)[valid])
                activations[gate].append(ops.convert_to_numpy(activation)[valid])
            pairs = zip(new, states, strict=True)
            states = [ops.where(valid[:, None], after, before) for after, before in pairs]
    return {
        gate: _statistics(np.concatenate(gains[gate]), np.concatenate(activations[gate]), scale)
        for gate in cell.noise_gates
        if gains[gate]
    }


def noise_statistics(model, x, y=None, seed=0):
    """Tests fresh noise with the NEM rule in every noisy layer of a model.

    The states of stateful layers and the noise of a running training do not change.

    Args:
        model: `keras.Model` with `NEMLSTM` or `NEMGRU` layers; or an `NEMModel`.
        x: the inputs of one batch.
        y: its targets, for an `NEMModel`; array as its loss takes them.
        seed: int, of the noise.

    Returns:
        dict from layer name to dict from gate to `NoiseStatistics`. The targets of an `NEMModel`
        with one output are under `"targets"`, `"output"`. Statistics of a layer that is called
        twice are over both calls. A cell in `keras.layers.RNN` is under the name of that layer;
        cells in `StackedRNNCells` are left out.
    """
    seeds = keras.random.SeedGenerator(seed)
    layers = [layer for layer in noisy_layers(model) if isinstance(layer, keras.layers.RNN)]
    with record_loops(model, layers) as loops:
        y_pred = model(x, training=False)
        pairs = zip(layers, loops, strict=True)
        statistics = {layer.name: _gates(layer, calls, seeds) for layer, calls in pairs}
    if y is not None and isinstance(model, NEMModel) and isinstance(model.loss, NEMLoss):
        if model.noise.on and not keras.tree.is_nested(y_pred):
            statistics["targets"] = {"output": _targets(model, y, y_pred, seeds)}
    return statistics


def _targets(model, y, y_pred, seeds):
    y_pred = ops.cast(y_pred, "float32")
    y = model.loss.targets(ops.convert_to_tensor(y), y_pred)
    scale = _scale(model)
    unit = model.noise.draw(tuple(y_pred.shape), seeds)
    noisy = model.noise.noisy(y, unit, scale)
    gain = ops.convert_to_numpy(model.loss.gain(y, noisy, y_pred)).ravel()
    return _statistics(gain, ops.convert_to_numpy(y_pred), scale)
