"""What NEM noise does, in TensorBoard."""

from rnnzoo.layers.callbacks.event_file import EventFile
from rnnzoo.layers.nem.inspection import noise_statistics


class NEMMonitor(EventFile):
    """Writes, for every gate of every noisy layer after every epoch, measured on one batch:

    `nem/LAYER/GATE/acceptance`: share of the noise that makes the gate more probable;
    `nem/LAYER/GATE/gain`: by how many nats, on average over the accepted noise;
    `nem/LAYER/GATE/scale`: standard deviation of the noise;
    `nem/LAYER/GATE/saturation`: share of the gate's activations within 0.05 of 0 or 1;
    `nem/LAYER/GATE/activation`: their histogram.

    The targets of an `NEMModel` stand under `nem/targets/output`. It draws noise of its own and
    puts all state back, so a training takes the same course with it and without (but for dropout
    without a seed on Torch, which Keras takes from Torch's global generator). It writes with
    TensorFlow, whatever the backend.

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
            for gate, measured in gates.items():
                name = f"nem/{layer}/{gate}"
                tf.summary.scalar(f"{name}/acceptance", measured.acceptance)
                tf.summary.scalar(f"{name}/gain", measured.gain)
                tf.summary.scalar(f"{name}/scale", measured.scale)
                if layer != "targets":
                    tf.summary.scalar(f"{name}/saturation", measured.saturation)
                    tf.summary.histogram(f"{name}/activation", measured.activation)
