"""Statistics of NEM noise in TensorBoard."""

from rnnzoo.layers.callbacks.event_file import EventFile
from rnnzoo.layers.nem.inspection import noise_statistics


class NEMMonitor(EventFile):
    """Writes statistics of the noise of every gate after an epoch, measured on one batch.

    `nem/LAYER/GATE/acceptance`: share of the noise that makes the gate more probable;
    `nem/LAYER/GATE/gain`: mean gain in log-likelihood of the accepted noise, in nats;
    `nem/LAYER/GATE/scale`: standard deviation of the noise;
    `nem/LAYER/GATE/saturation`: share of the gate's activations within 0.05 of 0 or 1;
    `nem/LAYER/GATE/activation`: their histogram.

    The targets of an `NEMModel` are written under `nem/targets/output`. The callback draws its own
    noise and restores all state, so that a training gives the same weights with it and without
    (except for dropout without a seed on Torch, which uses Torch's global generator). It writes
    with TensorFlow on every backend.

    Args:
        folder: path of the folder for the event files.
        batch: (x, y), arrays of one batch.
        every: int, epochs between two measurements.
    """

    def __init__(self, folder, batch, every=1):
        super().__init__(folder, every)
        self._batch = batch

    def write(self, step):
        """Measures and writes."""
        import tensorflow as tf

        for layer, gates in noise_statistics(self.model, *self._batch, seed=step).items():
            for gate, statistics in gates.items():
                name = f"nem/{layer}/{gate}"
                tf.summary.scalar(f"{name}/acceptance", statistics.acceptance)
                tf.summary.scalar(f"{name}/gain", statistics.gain)
                tf.summary.scalar(f"{name}/scale", statistics.scale)
                if layer != "targets":
                    tf.summary.scalar(f"{name}/saturation", statistics.saturation)
                    tf.summary.histogram(f"{name}/activation", statistics.activation)
