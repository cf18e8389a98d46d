"""Callbacks that write event files for TensorBoard."""

import keras

from rnnzoo.layers.callbacks.event_errors import event_errors
from rnnzoo.layers.common.arguments import whole_number


class EventFile(keras.callbacks.Callback):
    """Base class: opens an event file when training begins, and closes it at the end.

    Subclasses define `write`. Events are written with TensorFlow on every backend.

    Args:
        folder: path of the folder for the event files.
        every: int, epochs between two measurements; the last epoch is always measured, also when
            training is stopped early.

    Raises:
        ValueError: `every` is not an integer of at least 1.
        OSError: while training, the folder cannot be written to.
    """

    def __init__(self, folder, every=1):
        super().__init__()
        self._folder, self._every, self._writer = str(folder), whole_number("every", every), None
        self._step = self._written = 0

    def on_train_begin(self, logs=None):
        """Opens the event file."""
        import tensorflow as tf

        with event_errors(self._folder):
            self._writer = tf.summary.create_file_writer(self._folder)
            self._writer.flush()
        self._step = self._written = 0

    def on_epoch_end(self, epoch, logs=None):
        """Writes the events of `epoch + 1` epochs."""
        self._step = epoch + 1
        with event_errors(self._folder), self._writer.as_default(step=self._step):
            self.write_always(logs or {})
            if self._step % self._every == 0 or self._step == self.params["epochs"]:
                self._measure()
            self._writer.flush()

    def _measure(self):
        self.write(self._step)
        self._written = self._step

    def write_always(self, logs):
        """Writes the events of every epoch, with `tf.summary`; `logs` are those of `fit`."""

    def write(self, step):
        """Writes the measurements of every `every` epochs, with `tf.summary`."""
        raise NotImplementedError

    def on_train_end(self, logs=None):
        """Measures after an early last epoch, and closes the event file."""
        with event_errors(self._folder):
            if self._written < self._step:
                with self._writer.as_default(step=self._step):
                    self._measure()
            self._writer.close()
