"""Scalars, histograms, samples and the graph of a training in TensorBoard."""

import keras
from keras import ops

from rnnzoo.layers.callbacks.event_file import EventFile
from rnnzoo.layers.fused.autodiff import autodiff


def markdown_block(text):
    """Text as a Markdown code block, which TensorBoard shows line by line."""
    return "".join(f"    {line}\n" for line in text.splitlines())


def write_graph(model, inputs):
    """Writes the graph of a model's inference with `tf.summary`; nothing on other backends.

    Args:
        model: `keras.Model`.
        inputs: array or Keras tensor (batch, ...), or a structure of them.
    """
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    shape = tf.nest.map_structure(
        lambda array: tf.TensorSpec([None, *array.shape[1:]], array.dtype), inputs
    )
    # Keras's own write_graph opens on an error page; the concrete function's graph does not.
    call = tf.function(lambda x: model(x, training=False), autograph=False)
    tf.summary.graph(call.get_concrete_function(shape).graph)


class TrainingLog(EventFile):
    """Writes event files for TensorBoard after every epoch.

    Scalars: the logs of `fit`, and the learning rate. Histograms: each weight, and its gradient on
    a fixed batch, if the loss depends on it. Texts: the results of `sample`. At the beginning: the
    graph, on TensorFlow.

    Args:
        folder: path of the folder for the event files.
        batch: (x, y), arrays of one batch, x an array or a list, for the gradients and the graph.
        sample: function without arguments that returns a str, or None.
        every: int, epochs between two samples or histograms; scalars are written in every epoch.
        histograms: bool, whether to write histograms.
    """

    def __init__(self, folder, batch, sample=None, every=1, histograms=True):
        super().__init__(folder, every)
        self._batch, self._sample, self._histograms = batch, sample, histograms
        self._gradients = None

    def on_train_begin(self, logs=None):
        """Opens the event file and writes the graph."""
        super().on_train_begin(logs)
        with self._writer.as_default():
            write_graph(self.model, self._batch[0])
        self._gradients = autodiff().weight_gradients(self.model, self._loss)

    def write_always(self, logs):
        """Writes the scalars of an epoch."""
        import tensorflow as tf

        for name, value in logs.items():
            tf.summary.scalar(name, value)
        tf.summary.scalar("learning_rate", float(self.model.optimizer.learning_rate))

    def write(self, step):
        """Writes histograms and a sample."""
        import tensorflow as tf

        if self._histograms:
            self._write_histograms()
        if self._sample is not None:
            tf.summary.text("sample", markdown_block(self._sample()))

    def _loss(self, x, y):
        return self.model.compute_loss(
            x=x, y=y, y_pred=self.model(x, training=False), training=False
        )

    def _write_histograms(self):
        import tensorflow as tf

        gradients = self._gradients(*self._batch)
        for weight, gradient in zip(self.model.trainable_weights, gradients, strict=True):
            tf.summary.histogram(f"weights/{weight.path}", ops.convert_to_numpy(weight))
            if gradient is not None:
                values = ops.convert_to_numpy(gradient)
                tf.summary.histogram(f"gradients/{weight.path}", values)
