"""Callbacks that write event files for TensorBoard."""

import keras

from rnnzoo.layers.common.arguments import whole_number


class EventFile(keras.callbacks.Callback):
    """Opens an event file when a training begins, and closes it when it ends.

    A subclass has a `write`. It writes with TensorFlow, whatever the backend.

    Args:
        folder: path of the folder for the event files.
        every: int, epochs between two measurements; the last epoch has one in any case, also
            where a training is stopped early.

    Raises:
        ValueError: `every` is no whole number of at least 1.
    """

    def __init__(self, folder, every=1):
        super().__init__()
        self._folder, self._every, self._writer = str(folder), whole_number("every", every), None
        self._step = self._written = 0

    def on_train_begin(self, logs=None):
        """Opens the event file."""
        import tensorflow as tf

        self._writer = tf.summary.create_file_writer(self._folder)
        self._step = self._written = 0

    def on_epoch_end(self, epoch, logs=None):
        """Writes what there is to write after `epoch + 1` epochs."""
        self._step = epoch + 1
        with self._writer.as_default(step=self._step):
            self.write_always(logs or {})
            if self._step % self._every == 0 or self._step == self.params["epochs"]:
                self._measure()
        self._writer.flush()

    def _measure(self):
        self.write(self._step)
        self._written = self._step

    def write_always(self, logs):
        """Writes what comes after every epoch, with `tf.summary`; `logs` are those of `fit`."""

    def write(self, step):
        """Writes what is measured every so often, with `tf.summary`."""
        raise NotImplementedError

    def on_train_end(self, logs=None):
        """Measures after a last epoch that came early, and closes the event file."""
        if self._written < self._step:
            with self._writer.as_default(step=self._step):
                self._measure()
        self._writer.close()
