"""Callbacks that write event files for TensorBoard."""

import keras


class EventFile(keras.callbacks.Callback):
    """Opens an event file when a training begins, and closes it when it ends.

    A subclass has a `write`. It writes with TensorFlow, whatever the backend.

    Args:
        folder: path of the folder for the event files.
        every: int, epochs between two measurements; the last epoch has one in any case.
    """

    def __init__(self, folder, every=1):
        super().__init__()
        self._folder, self._every, self._writer = str(folder), every, None

    def on_train_begin(self, logs=None):
        """Opens the event file."""
        import tensorflow as tf

        self._writer = tf.summary.create_file_writer(self._folder)

    def on_epoch_end(self, epoch, logs=None):
        """Writes what there is to write after `epoch + 1` epochs."""
        step = epoch + 1
        with self._writer.as_default(step=step):
            self.write_always(logs or {})
            if step % self._every == 0 or step == self.params["epochs"]:
                self.write(step)
        self._writer.flush()

    def write_always(self, logs):
        """Writes what comes after every epoch, with `tf.summary`; `logs` are those of `fit`."""

    def write(self, step):
        """Writes what is measured every so often, with `tf.summary`."""
        raise NotImplementedError

    def on_train_end(self, logs=None):
        """Closes the event file."""
        self._writer.close()
