"""What NEM noise does, in TensorBoard."""

import keras

from rnnzoo.layers.nem.inspection import noise_statistics


class NEMMonitor(keras.callbacks.Callback):
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
        super().__init__()
        self._folder, self._batch, self._every = str(folder), batch, every
        self._writer = None

    def on_train_begin(self, logs=None):
        """Opens the event file."""
        import tensorflow as tf

        self._writer = tf.summary.create_file_writer(self._folder)

    def on_epoch_end(self, epoch, logs=None):
        """Measures and writes."""
        import tensorflow as tf

        step = epoch + 1
        if step % self._every and step != self.params["epochs"]:
            return
        with self._writer.as_default(step=step):
            for layer, gates in noise_statistics(self.model, *self._batch, seed=step).items():
                for gate, measured in gates.items():
                    name = f"nem/{layer}/{gate}"
                    tf.summary.scalar(f"{name}/acceptance", measured.acceptance)
                    tf.summary.scalar(f"{name}/gain", measured.gain)
                    tf.summary.scalar(f"{name}/scale", measured.scale)
                    if layer != "targets":
                        tf.summary.scalar(f"{name}/saturation", measured.saturation)
                        tf.summary.histogram(f"{name}/activation", measured.activation)
        self._writer.flush()

    def on_train_end(self, logs=None):
        """Closes the event file."""
        self._writer.close()
